using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Profile;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Sessions;

/// <summary>Counts ACTIVE, with the cluster profile if it can be read.</summary>
internal sealed partial class ActiveEventReporter(
    IClusterProfileSource source,
    IUsageCounter counter,
    UsageReporter reporter,
    TelemetryStatistics statistics,
    TimeProvider time,
    ILogger<ActiveEventReporter> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            var shape = await source.ReadAsync(linked.Token).WaitAsync(linked.Token);
            reporter.Describe(RecordBuilder.Describe(shape));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            statistics.SourceFailed();
            LogNoShape(exception.GetType().Name);
        }

        counter.Add(UsageCatalog.Active);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telemetry: cannot read the cluster profile ({Exception}); sending ACTIVE without it")]
    private partial void LogNoShape(string exception);
}
