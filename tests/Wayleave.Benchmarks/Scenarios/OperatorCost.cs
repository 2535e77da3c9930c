using System.Runtime.InteropServices;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>The requests, writes and CPU time of an operator since its start, from its own metrics.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OperatorCost(double Requests, double Writes, double CpuSeconds)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    public static async Task<OperatorCost> ReadAsync(OperatorProcess running)
    {
        var metrics = await running.ReadMetricsAsync();
        return new OperatorCost(
            metrics.Sum("rest_client_requests_total"), await running.CountWritesAsync(), metrics.Sum("process_cpu_seconds_total"));
    }

    /// <summary>Returns when the operator has made no writes, and no requests if <paramref name="readsCount"/>, for two seconds.</summary>
    public static async Task<OperatorCost> SettledAsync(OperatorProcess running, bool readsCount = true)
    {
        var cost = await ReadAsync(running);
        while (true)
        {
            await Task.Delay(Quiet);
            var since = await ReadAsync(running) - cost;
            cost += since;
            if (since.Writes == 0 && (since.Requests == 0 || !readsCount))
            {
                return cost;
            }
        }
    }

    public static OperatorCost operator +(OperatorCost left, OperatorCost right) =>
        new(left.Requests + right.Requests, left.Writes + right.Writes, left.CpuSeconds + right.CpuSeconds);

    public static OperatorCost operator -(OperatorCost left, OperatorCost right) =>
        new(left.Requests - right.Requests, left.Writes - right.Writes, left.CpuSeconds - right.CpuSeconds);
}
