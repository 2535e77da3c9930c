using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.Benchmarks.Operators;

/// <summary>
/// The same work with telemetry on, as it is by default, and off, in turns, so that whatever else changes on the machine changes for both.
/// </summary>
internal static class TelemetryBenchmark
{
    private const int Rounds = 6;
    private const int Fleet = 500;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(TextWriter output)
    {
        await using var cluster = await TestCluster.StartAsync(new ControlPlaneOptions { ExternalKubeconfig = null });
        await using var collector = await OtlpCollector.StartAsync();
        OperatorSettings on = new() { Arguments = [$"--telemetry-endpoint={collector.Endpoint}"] };
        var fleet = new IntentsFleet(cluster, Fleet);
        await fleet.DeployAsync();
        List<TelemetryRound> withIt = [];
        List<TelemetryRound> without = [];
        for (var i = 0; i < Rounds; i++)
        {
            await output.WriteLineAsync($"round {i + 1} of {Rounds} ...");
            without.Add(await RoundAsync(cluster, fleet, OperatorStarts.NoTelemetry));
            withIt.Add(await RoundAsync(cluster, fleet, on));
        }

        await output.WriteLineAsync($"{collector.Requests.Count} batches were received.");
        await WriteAsync(output, withIt, without);
        return 0;
    }

    private static async Task<TelemetryRound> RoundAsync(TestCluster cluster, IntentsFleet fleet, OperatorSettings settings)
    {
        await using var running = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath, settings);
        await running.WaitUntilReadyAsync();

        // Once for the compiler, which the first use of everything costs.
        await fleet.DeclareAsync(running);
        await fleet.WithdrawAsync();
        var before = await OperatorCost.ReadAsync(running);
        var (_, elapsed) = await fleet.DeclareAsync(running);
        var cost = await OperatorCost.ReadAsync(running) - before;
        await fleet.WithdrawAsync();
        await running.StopAsync();
        return new TelemetryRound(Fleet / elapsed.TotalSeconds, cost.Requests / Fleet, cost.CpuSeconds * 1000 / Fleet);
    }

    private static async Task WriteAsync(TextWriter output, List<TelemetryRound> withIt, List<TelemetryRound> without)
    {
        var table = new MarkdownTable();
        Add(table, "ClientIntents applied and reported a second", withIt, without, round => round.EachSecond);
        Add(table, "API requests for each", withIt, without, round => round.Requests);
        Add(table, "CPU for each, ms", withIt, without, round => round.CpuMilliseconds);
        await table.WriteAsync(output);
    }

    private static void Add(MarkdownTable table, string what, List<TelemetryRound> withIt, List<TelemetryRound> without, Func<TelemetryRound, double> value)
    {
        var on = withIt.Select(value).Order().ToList();
        var off = without.Select(value).Order().ToList();
        table.Add(
            what,
            $"off {off[Rounds / 2]:0.00} ({off[0]:0.00} to {off[^1]:0.00}), on {on[Rounds / 2]:0.00} ({on[0]:0.00} to {on[^1]:0.00}): {(on[Rounds / 2] / off[Rounds / 2] - 1) * 100:+0.0;-0.0} %");
    }
}
