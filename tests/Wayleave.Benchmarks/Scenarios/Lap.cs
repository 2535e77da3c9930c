using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>
/// The time from the first declaration to the last status, and the CPU time that the API server spent on them. The speed of a machine varies, but
/// for all processes alike: CPU time relative to the API server's in the same lap varies less than elapsed time does.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Lap(double Seconds, double ApiServerCpuSeconds)
{
    private const string CpuSeconds = "process_cpu_seconds_total ";

    /// <summary>The CPU time of the operator in this lap, in percent of the API server's.</summary>
    public double PercentOfApiServer(OperatorCost cost) => 100 * cost.CpuSeconds / ApiServerCpuSeconds;

    /// <summary>Runs the work, and returns when the expected number of policies and statuses have arrived.</summary>
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
