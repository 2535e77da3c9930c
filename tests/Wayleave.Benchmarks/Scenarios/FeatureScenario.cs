using Wayleave.Benchmarks.Reports;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>The same work, alternately with a feature off and with it on, with its defaults.</summary>
/// <param name="name">Of the feature.</param>
/// <param name="arguments">Turn it on. Given the address of a collector that accepts everything, and the path of a new folder.</param>
internal sealed class FeatureScenario(string name, Func<Uri, string, IReadOnlyList<string>> arguments) : Scenario
{
    /// <summary>Those that record or send something for each reconcile.</summary>
    public static IReadOnlyList<FeatureScenario> All { get; } =
    [
        new("telemetry", (collector, _) => [$"--telemetry-endpoint={collector}"]),
        new("tracing", (collector, _) => ["--telemetry-enabled=false", $"--tracing-endpoint={collector}"]),
        new("event-store", (_, folder) => ["--telemetry-enabled=false", $"--event-store-dir={folder}"]),
    ];

    public override string Name => name;

    public override async Task MeasureAsync(Figures figures, Scope scope)
    {
        var folder = Directory.CreateTempSubdirectory("wayleave-bench");
        try
        {
            await using var collector = await OtlpCollector.StartAsync();
            await MeasureAsync(figures, scope, new OperatorSettings { Arguments = arguments(collector.Endpoint, folder.FullName) });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task MeasureAsync(Figures figures, Scope scope, OperatorSettings with)
    {
        await using var cluster = await TestCluster.StartAsync(FleetCluster);
        using var fleet = new Fleet(cluster);
        await fleet.DeployAsync(scope.Usual);
        await RoundAsync(cluster, fleet, scope.Usual, with);
        for (var round = 0; round < 2 * scope.Rounds; round++)
        {
            // Alternate which goes first, so that neither always bears the aftereffects of the other.
            var costs = new Dictionary<OperatorSettings, (Lap Lap, OperatorCost Cost)>();
            foreach (var settings in round % 2 == 0 ? [with, NoTelemetry] : new[] { NoTelemetry, with })
            {
                costs[settings] = await RoundAsync(cluster, fleet, scope.Usual, settings);
            }

            Add(figures, costs[with], costs[NoTelemetry], scope.Usual);
        }
    }

    private void Add(Figures figures, (Lap Lap, OperatorCost Cost) on, (Lap Lap, OperatorCost Cost) off, int size)
    {
        foreach (var (state, (lap, cost)) in new[] { ("off", off), ("on", on) })
        {
            figures.Add($"{name} {state}: applied and reported a second", "1/s", size / lap.Seconds);
            figures.Add($"{name} {state}: API requests for each", "1", cost.Requests / size);
            figures.Add($"{name} {state}: CPU for each", "ms", cost.CpuSeconds * 1000 / size);
            figures.Add($"{name} {state}: CPU beside the API server's", "%", lap.PercentOfApiServer(cost));
        }

        figures.Add($"{name} costs of throughput", "%", 100 * ((on.Lap.Seconds / off.Lap.Seconds) - 1));
        figures.Add($"{name} costs of CPU, beside the API server's", "%", 100 * ((on.Lap.PercentOfApiServer(on.Cost) / off.Lap.PercentOfApiServer(off.Cost)) - 1));
    }

    // Warm up before the measurement: the cost of the first use is the same for both.
    private static async Task<(Lap Lap, OperatorCost Cost)> RoundAsync(TestCluster cluster, Fleet fleet, int size, OperatorSettings settings)
    {
        await using var running = await StartAsync(cluster, settings);
        await fleet.DeclareAsync(Fleet.PerNamespace);
        var before = await OperatorCost.SettledAsync(running, readsCount: false);
        var lap = await Lap.TimeAsync(cluster, size, () => fleet.DeclareAsync(size));
        var cost = await OperatorCost.SettledAsync(running, readsCount: false) - before;
        await running.StopAsync();
        await fleet.ClearAsync();
        return (lap, cost);
    }
}
