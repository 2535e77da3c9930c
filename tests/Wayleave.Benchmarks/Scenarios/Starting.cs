using System.Diagnostics;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>The progress of a start.</summary>
internal static class Starting
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    // With thousands of objects, reading the metrics costs milliseconds of the CPU time that is measured.
    private static readonly TimeSpan MetricsInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns when <c>/readyz</c> succeeds.</summary>
    public static async Task ReadyAsync(OperatorProcess running)
    {
        while (!await running.IsReadyAsync(CancellationToken.None))
        {
            await Task.Delay(Interval);
        }
    }

    /// <summary>The time from the start of the process until all keys were reconciled.</summary>
    public static async Task<TimeSpan> ConvergedAsync(OperatorProcess running, int keys)
    {
        while (true)
        {
            var metrics = await running.ReadMetricsAsync();
            var at = Stopwatch.GetElapsedTime(running.StartedAt);
            if (metrics.Sum("workqueue_work_duration_seconds_count") is var worked && worked >= keys && worked >= metrics.Sum("workqueue_adds_total"))
            {
                return at;
            }

            await Task.Delay(MetricsInterval);
        }
    }
}
