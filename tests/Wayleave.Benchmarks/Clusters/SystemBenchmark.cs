using System.Diagnostics;
using System.Globalization;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Clusters;

/// <summary>The operator as a process against a real API server on the same machine. Prints a Markdown table.</summary>
internal static class SystemBenchmark
{
    private const int Intents = 1000;
    private const int Changes = 200;
    private static readonly OperatorSettings Quiet = new() { Arguments = ["--telemetry-enabled=false"] };

    /// <param name="published">The folder whose size is told; null for none.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string? published)
    {
        var table = new ResultTable();
        if (published is not null)
        {
            table.Add("publish folder", Megabytes(Directory.EnumerateFiles(published, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length)));
        }

        await using var cluster = await TestCluster.StartAsync();
        await using (var first = await StartAsync(cluster, table, "empty cluster"))
        {
            await Task.Delay(TimeSpan.FromSeconds(5));
            table.Add("resident memory, idle, empty cluster", Megabytes(first.ResidentBytes()));
            await SingleChanges.MeasureAsync(cluster, Changes, table);
            await BulkAsync(cluster, first, table);
            table.Add($"resident memory, {Intents} ClientIntents and {Intents} Deployments, just applied", Megabytes(first.ResidentBytes()));
            await first.KillAsync();
        }

        await using var second = await StartAsync(cluster, table, $"{Intents} correct intents");
        await IdleAsync(second);
        table.Add("writes after a restart", (await second.CountWritesAsync()).ToString(CultureInfo.InvariantCulture));
        table.Add($"resident memory, {Intents} ClientIntents and {Intents} Deployments, after a restart", Megabytes(second.ResidentBytes()));
        Console.WriteLine(table);
        return 0;
    }

    private static async Task<OperatorProcess> StartAsync(TestCluster cluster, ResultTable table, string label)
    {
        var running = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath, Quiet);
        await running.WaitUntilReadyAsync();
        table.Add($"process start to ready, {label}", Milliseconds(Stopwatch.GetElapsedTime(running.StartedAt)));
        return running;
    }

    private static async Task BulkAsync(TestCluster cluster, OperatorProcess running, ResultTable table)
    {
        await cluster.CreateNamespaceAsync("bulk");
        for (var i = 0; i < Intents; i++)
        {
            await cluster.ApplyAsync(LargeDeployment.Yaml("bulk", $"workload-{i}"));
        }

        await IdleAsync(running);
        var before = await RequestsAsync(running);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Intents; i++)
        {
            await cluster.ApplyAsync(Yaml.Intents("bulk", $"workload-{i}", $"[{{kubernetes: {{name: workload-{(i + 1) % Intents}}}}}]"));
        }

        await IdleAsync(running);
        table.Add($"{Intents} intents applied one after the other, until all is written", Milliseconds(Stopwatch.GetElapsedTime(started)));
        table.Add("API requests per intent", ((await RequestsAsync(running) - before) / Intents).ToString("0.00", CultureInfo.InvariantCulture));
    }

    private static Task IdleAsync(OperatorProcess running) => Poll.UntilAsync(
        "the operator to come to rest",
        async token =>
        {
            var one = await RequestsAsync(running);
            await Task.Delay(TimeSpan.FromSeconds(1), token);
            return one.Equals(await RequestsAsync(running));
        },
        TimeSpan.FromMinutes(2),
        CancellationToken.None);

    private static async Task<double> RequestsAsync(OperatorProcess running) =>
        (await running.ReadMetricsAsync()).Where(sample => sample.Key.StartsWith("rest_client_requests_total", StringComparison.Ordinal)).Sum(sample => sample.Value);

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " MB";

    private static string Milliseconds(TimeSpan elapsed) => elapsed.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + " ms";
}
