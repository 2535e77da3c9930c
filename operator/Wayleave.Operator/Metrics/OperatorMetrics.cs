using System.Diagnostics;
using System.Diagnostics.Metrics;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Operator.Metrics;

/// <summary>What the operator says of itself and of the process, read when Prometheus asks.</summary>
internal sealed class OperatorMetrics
{
    private const string MeterName = "Wayleave.Operator";

    private readonly IReadOnlyList<ITelemetryStatistics> _telemetry;

    /// <param name="meters">Where the instruments live.</param>
    /// <param name="telemetry">Empty while telemetry is off: its metrics are then not there at all.</param>
    public OperatorMetrics(IMeterFactory meters, IEnumerable<ITelemetryStatistics> telemetry)
    {
        _telemetry = [.. telemetry];
        var meter = meters.Create(MeterName);
        AddProcess(meter);
        if (_telemetry.Count > 0)
        {
            AddTelemetry(meter);
        }
    }

    private static void AddProcess(Meter meter)
    {
        meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, "By", "Resident memory.");
        meter.CreateObservableCounter("process_cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "CPU time, user and system.");
        meter.CreateObservableGauge("process_start_time_seconds", StartTime, "s", "Start of the process, in seconds since the epoch.");
    }

    private static double StartTime()
    {
        using var process = Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }

    private void AddTelemetry(Meter meter)
    {
        meter.CreateObservableCounter("wayleave_telemetry_records_sent_total", () => _telemetry[0].Read().RecordsSent, description: "Telemetry records acknowledged by the collector.");
        meter.CreateObservableCounter("wayleave_telemetry_send_failures_total", () => _telemetry[0].Read().SendFailures, description: "Attempts to send telemetry that were not acknowledged.");
        meter.CreateObservableCounter("wayleave_telemetry_ledger_failures_total", () => _telemetry[0].Read().LedgerFailures, description: "Failed reads and writes of the telemetry ledger.");
    }
}
