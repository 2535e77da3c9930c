using System.Diagnostics.Metrics;
using Wayleave.Hosting;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Operator.Metrics;

/// <summary>Metrics of the operator and its process, read on each scrape.</summary>
internal sealed class OperatorMetrics(IMeterFactory meters, IEnumerable<TelemetryStatistics> telemetry)
{
    /// <summary>The meter of all instruments in this project.</summary>
    public const string MeterName = "Wayleave.Operator";

    // Empty if telemetry is off. Its metrics do not exist then.
    private readonly IReadOnlyList<TelemetryStatistics> _telemetry = [.. telemetry];

    /// <summary>Creates the instruments. Call once, before anything is measured.</summary>
    public void Register()
    {
        var meter = meters.Create(MeterName);
        ProcessMetrics.AddTo(meter);
        RuntimeMetrics.AddTo(meter);
        if (_telemetry.Count > 0)
        {
            AddTelemetry(meter);
        }
    }

    private void AddTelemetry(Meter meter)
    {
        Counter("records_sent", telemetry => telemetry.RecordsSent, "Telemetry records acknowledged by the collector.");
        Counter(
            "records_rejected",
            telemetry => telemetry.RecordsRejected,
            "Telemetry records that the collector rejected in a partial success.");
        Counter("batches_acknowledged", telemetry => telemetry.BatchesAcknowledged, "Telemetry batches acknowledged by the collector.");
        Counter("send_failures", telemetry => telemetry.SendFailures, "Attempts to send telemetry that were not acknowledged.");
        Counter("ledger_failures", telemetry => telemetry.LedgerFailures, "Failed reads and writes of the telemetry ledger.");
        Counter(
            "source_failures",
            telemetry => telemetry.SourceFailures,
            "Failed reads of the cluster profile or the context ID.");
        Counter(
            "history_losses",
            telemetry => telemetry.HistoryLosses,
            "Times that the watch history of the API server had expired.");
        Gauge("pending", telemetry => telemetry.Pending, "Counts that are in no batch yet.");
        Gauge("records_in_flight", telemetry => telemetry.RecordsInFlight, "Records in the batch that is being sent.");
        Gauge("objects_counted", telemetry => telemetry.ObjectsCounted, "Objects that the telemetry ledger has registered as counted.");
        Gauge(
            "waiting_since_timestamp_seconds",
            telemetry => Seconds(telemetry.WaitingSince),
            "Creation time of the batch in flight, in seconds since the epoch; 0 without one.");
        Gauge(
            "last_acknowledged_timestamp_seconds",
            telemetry => Seconds(telemetry.LastAcknowledgedAt),
            "The last acknowledgement, in seconds since the epoch; 0 before the first.");

        void Counter(string name, Func<TelemetryStatisticsSnapshot, long> read, string description) =>
            meter.CreateObservableCounter($"wayleave_telemetry_{name}_total", () => read(_telemetry[0].Read()), description: description);

        void Gauge(string name, Func<TelemetryStatisticsSnapshot, double> read, string description) =>
            meter.CreateObservableGauge($"wayleave_telemetry_{name}", () => read(_telemetry[0].Read()), description: description);
    }

    private static double Seconds(DateTimeOffset? time) => time is { } known ? known.ToUnixTimeMilliseconds() / 1000.0 : 0;
}
