using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>
/// How long many declarations took from the first to the last status, and what the API server spent on them. A machine that is faster for
/// a while is so for everybody: CPU that is held against the API server's of the same lap shows less of that than time does.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Lap(double Seconds, double ApiServerCpuSeconds)
{
    private const string CpuSeconds = "process_cpu_seconds_total ";

    /// <summary>What the operator spent on this lap, in percent of what the API server did.</summary>
    public double PercentOfApiServer(OperatorCost cost) => 100 * cost.CpuSeconds / ApiServerCpuSeconds;

    /// <summary>Does the work, and returns when so many policies and statuses are there.</summary>
    public static async Task<Lap> TimeAsync(TestCluster cluster, int expected, Func<Task> work)
    {
        var before = await ApiServerCpuAsync(cluster);
        await using var arrivals = new Arrivals(cluster, expected);
        var started = Stopwatch.GetTimestamp();
        await work();
        await arrivals.CompleteAsync();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new Lap(seconds, await ApiServerCpuAsync(cluster) - before);
    }

    private static async Task<double> ApiServerCpuAsync(TestCluster cluster)
    {
        var metrics = (await cluster.ControlPlane.KubectlAsync(["get", "--raw", "/metrics"])).EnsureSuccess().Output;
        var line = metrics.Split('\n').Single(line => line.StartsWith(CpuSeconds, StringComparison.Ordinal));
        return double.Parse(line[CpuSeconds.Length..], CultureInfo.InvariantCulture);
    }
}
