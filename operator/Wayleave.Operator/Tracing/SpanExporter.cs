using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Wayleave.Operator.Tracing;

/// <summary>
/// Sends batches of spans with OpenTelemetry's OTLP exporter, counts them, and logs an outage of the collector once. A batch that the
/// collector does not accept is dropped. Used by the thread of the batch processor.
/// </summary>
internal sealed partial class SpanExporter(
    OtlpExporterOptions options, TraceCollectorHandler handler, SpanStatistics statistics, ILogger<SpanExporter> logger)
    : OtlpTraceExporter(options)
{
    private readonly string _endpoint = options.Endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
    private bool _isOutage;

    public override ExportResult Export(in Batch<Activity> batch)
    {
        var result = base.Export(batch);
        var isAccepted = result == ExportResult.Success;
        statistics.Complete(batch.Count, isAccepted);
        if (!isAccepted && !_isOutage)
        {
            LogOutage(_endpoint, handler.LastFailure);
        }
        else if (isAccepted && _isOutage)
        {
            LogRecovered(statistics.NotSent);
        }

        _isOutage = !isAccepted;
        return result;
    }

    [LoggerMessage(
        LogLevel.Warning, "Cannot send spans to {Endpoint}: {Reason}; they are dropped until it accepts them, and reconciles go on")]
    private partial void LogOutage(string endpoint, string? reason);

    [LoggerMessage(LogLevel.Information, "Sending spans again; {Dropped} were dropped since the start")]
    private partial void LogRecovered(long dropped);
}
