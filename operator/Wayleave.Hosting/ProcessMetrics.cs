using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Wayleave.Hosting;

/// <summary>Memory, CPU and start of the process, read on each scrape.</summary>
public static class ProcessMetrics
{
    public static void AddTo(Meter meter)
    {
        meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, "By", "Resident memory.");
        meter.CreateObservableCounter(
            "process_cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "CPU time, user and system.");
        meter.CreateObservableGauge("process_start_time_seconds", StartTime, "s", "Start of the process, in seconds since the epoch.");
    }

    private static double StartTime()
    {
        using var process = Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }
}
