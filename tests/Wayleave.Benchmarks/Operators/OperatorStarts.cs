using System.Diagnostics;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Operators;

/// <summary>How long an operator takes from the start of its process until <c>/readyz</c> says yes.</summary>
internal static class OperatorStarts
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    public static OperatorSettings NoTelemetry { get; } = new() { Arguments = ["--telemetry-enabled=false"] };

    /// <returns>The median.</returns>
    public static async Task<TimeSpan> MeasureAsync(TestCluster cluster, int times)
    {
        var measured = new List<TimeSpan>();
        for (var i = 0; i < times; i++)
        {
            await using var running = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath, NoTelemetry);
            while (!await running.IsReadyAsync(CancellationToken.None))
            {
                await Task.Delay(Interval);
            }

            measured.Add(Stopwatch.GetElapsedTime(running.StartedAt));
        }

        measured.Sort();
        return measured[times / 2];
    }
}
