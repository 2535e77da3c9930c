using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Operators;

/// <summary>The whole operator as its own process against a real API server on this machine, which has its share of every figure.</summary>
internal static class SystemBenchmark
{
    private const int Starts = 5;
    private const int Changes = 200;
    private const int Fleet = 1000;
    private const double Megabyte = 1024 * 1024;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(TextWriter output)
    {
        var table = new MarkdownTable();
        AddPublished(table);
        await using var cluster = await TestCluster.StartAsync(new ControlPlaneOptions { ExternalKubeconfig = null });
        await EmptyAsync(cluster, table, output);
        await ChangesAsync(cluster, table, output);
        await FleetAsync(cluster, table, output);
        await table.WriteAsync(output);
        return 0;
    }

    private static void AddPublished(MarkdownTable table)
    {
        if (Environment.GetEnvironmentVariable("WAYLEAVE_OPERATOR") is { } published)
        {
            var files = new FileInfo(published).Directory!.EnumerateFiles("*", SearchOption.AllDirectories).ToList();
            table.Add("publish folder", $"{files.Sum(file => file.Length) / Megabyte:0.0} MiB in {files.Count} files");
        }
    }

    private static async Task EmptyAsync(TestCluster cluster, MarkdownTable table, TextWriter output)
    {
        await output.WriteLineAsync("starting on an empty cluster ...");
        table.Add($"process start to ready, empty cluster (median of {Starts})", $"{(await OperatorStarts.MeasureAsync(cluster, Starts)).TotalMilliseconds:0} ms");
        await using var running = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath);
        await running.WaitUntilReadyAsync();
        await Task.Delay(Rest);
        table.Add("resident memory, idle on an empty cluster", $"{running.ResidentBytes() / Megabyte:0.0} MiB");
    }

    private static async Task ChangesAsync(TestCluster cluster, MarkdownTable table, TextWriter output)
    {
        await output.WriteLineAsync($"{Changes} single changes ...");
        await using var running = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath);
        await running.WaitUntilReadyAsync();
        var times = await ChangeLatency.MeasureAsync(cluster, Changes);
        table.Add($"apply to policy visible, {Changes} single changes", $"median {Percentile(times, 50):0.0} ms, p99 {Percentile(times, 99):0.0} ms, longest {times[^1]:0.0} ms");
    }

    private static async Task FleetAsync(TestCluster cluster, MarkdownTable table, TextWriter output)
    {
        await output.WriteLineAsync($"{Fleet} ClientIntents over {Fleet} Deployments ...");
        var fleet = new IntentsFleet(cluster, Fleet);
        table.Add("a Deployment as the API server gives it", $"{await fleet.DeployAsync() / 1024.0:0.0} KiB");
        await using (var first = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath))
        {
            await first.WaitUntilReadyAsync();
            var (requests, elapsed) = await fleet.DeclareAsync(first);
            table.Add($"{Fleet} ClientIntents at once: all applied and reported after", $"{elapsed.TotalSeconds:0.0} s");
            table.Add("API requests for each of them", $"{requests:0.00}");
            await Task.Delay(Rest);
            table.Add($"resident memory after that", $"{first.ResidentBytes() / Megabyte:0.0} MiB");
            await first.StopAsync();
        }

        table.Add($"process start to ready, {Fleet} ClientIntents (median of {Starts})", $"{(await OperatorStarts.MeasureAsync(cluster, Starts)).TotalMilliseconds:0} ms");
        await using var second = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath, OperatorStarts.NoTelemetry);
        await second.WaitUntilIdleAsync(2 * Fleet);
        table.Add("API writes after a restart, nothing changed", $"{await second.CountWritesAsync()}");
        await Task.Delay(Rest);
        table.Add($"resident memory, idle with {Fleet} ClientIntents", $"{second.ResidentBytes() / Megabyte:0.0} MiB");
    }

    private static double Percentile(IReadOnlyList<double> sorted, int percent) => sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];
}
