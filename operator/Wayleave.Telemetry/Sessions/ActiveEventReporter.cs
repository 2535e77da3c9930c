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
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(30);

    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timeout = new CancellationTokenSource(ReadTimeout, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            var profile = await source.ReadAsync(linked.Token).WaitAsync(linked.Token);
            reporter.SetClusterProfile(RecordBuilder.BuildProfileAttributes(profile));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            statistics.CountSourceFailure();
            LogNoShape(exception.GetType().Name);
        }

        counter.Add(UsageCatalog.Active);
    }

    [LoggerMessage(LogLevel.Warning, "Telemetry: cannot read the cluster profile ({Exception}); sending ACTIVE without it")]
    private partial void LogNoShape(string exception);
}
