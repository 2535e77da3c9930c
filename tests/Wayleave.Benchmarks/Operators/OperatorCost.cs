using System.Runtime.InteropServices;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Operators;

/// <summary>What an operator has spent since it started, by its own metrics.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OperatorCost(double Requests, double Writes, double CpuSeconds)
{
    public static async Task<OperatorCost> ReadAsync(OperatorProcess running)
    {
        var metrics = await running.ReadMetricsAsync();
        return new OperatorCost(
            metrics.Sum("rest_client_requests_total"), await running.CountWritesAsync(), metrics.Sum("process_cpu_seconds_total"));
    }

    public static OperatorCost operator -(OperatorCost left, OperatorCost right) =>
        new(left.Requests - right.Requests, left.Writes - right.Writes, left.CpuSeconds - right.CpuSeconds);
}
