using System.Diagnostics;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Operators;

/// <summary>What one change costs when there is little else, and when there is a great deal.</summary>
internal static class ScaleBenchmark
{
    private const int Changes = 50;
    private const double Megabyte = 1024 * 1024;
    private static readonly int[] Sizes = [100, 1000, 10_000];

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(TextWriter output)
    {
        await using var cluster = await TestCluster.StartAsync(new ControlPlaneOptions { ExternalKubeconfig = null });
        await cluster.ApplyAsync(Yaml.Enforcement("scale", "{mode: Shadow, namespaceSelector: {matchLabels: {shadow: \"true\"}}}"));
        var fleet = new ScaleFleet(cluster);
        var table = new MarkdownTable();
        foreach (var size in Sizes)
        {
            await output.WriteLineAsync($"{size} ClientIntents ...");
            await MeasureAsync(cluster, fleet, size, table);
        }

        await table.WriteAsync(output);
        return 0;
    }

    private static async Task MeasureAsync(TestCluster cluster, ScaleFleet fleet, int size, MarkdownTable table)
    {
        await using (var first = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath, OperatorStarts.NoTelemetry))
        {
            await first.WaitUntilReadyAsync();
            var started = Stopwatch.GetTimestamp();
            await fleet.GrowToAsync(size);
            await OperatorCost.SettledAsync(first);
            table.Add($"{size}: grown to that, all reported, after", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            await ChangesAsync(cluster, fleet, first, table);
            await RelabelAsync(cluster, fleet, first, table);
            await first.StopAsync();
        }

        await using var second = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath, OperatorStarts.NoTelemetry);
        await second.WaitUntilReadyAsync();
        table.Add($"{size}: process start to ready", $"{Stopwatch.GetElapsedTime(second.StartedAt).TotalSeconds:0.0} s");
        var settled = await OperatorCost.SettledAsync(second);
        table.Add($"{size}: started against a correct cluster", $"{settled.Writes} writes, {settled.Requests} requests, {settled.CpuSeconds:0.0} s of CPU");
        table.Add($"{size}: resident memory", $"{second.ResidentBytes() / Megabyte:0} MiB");
    }

    private static async Task ChangesAsync(TestCluster cluster, ScaleFleet fleet, OperatorProcess running, MarkdownTable table)
    {
        await using var watch = new PolicyWatch(cluster, ScaleFleet.NamespaceOf(0));
        await watch.NextAsync(ScaleFleet.PolicyOf(ScaleFleet.PerNamespace - 1).Name);
        var before = await OperatorCost.ReadAsync(running);
        var times = new List<double>();
        for (var i = 0; i < Changes; i++)
        {
            watch.Forget();
            var started = Stopwatch.GetTimestamp();
            await fleet.DeclareAsync(i, 9000 + fleet.Size, CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(started, await watch.NextAsync(ScaleFleet.PolicyOf(i).Name)).TotalMilliseconds);
        }

        var cost = await OperatorCost.SettledAsync(running) - before;
        times.Sort();
        table.Add(
            $"{fleet.Size}: one edit",
            $"{cost.Requests / Changes:0.00} requests, {cost.CpuSeconds / Changes * 1000:0.0} ms of CPU, visible after {times[Changes / 2]:0.0} ms (median), {times[^1]:0.0} ms (longest)");
    }

    private static async Task RelabelAsync(TestCluster cluster, ScaleFleet fleet, OperatorProcess running, MarkdownTable table)
    {
        foreach (var (label, what) in new[] { ("shadow=true", "goes to Shadow"), ("shadow-", "comes back to Enforce") })
        {
            var before = await OperatorCost.ReadAsync(running);
            string[] change = ["label", "namespace", ScaleFleet.NamespaceOf(0), label, "--overwrite"];
            (await cluster.ControlPlane.KubectlAsync(change)).EnsureSuccess();
            var cost = await OperatorCost.SettledAsync(running) - before;
            table.Add($"{fleet.Size}: a namespace of {ScaleFleet.PerNamespace} {what}", $"{cost.Writes} writes, {cost.Requests} requests, {cost.CpuSeconds * 1000:0} ms of CPU");
        }
    }
}
