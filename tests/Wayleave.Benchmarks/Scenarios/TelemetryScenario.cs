using Wayleave.Benchmarks.Reports;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>The same work, alternately with telemetry off and with telemetry on, with its defaults and a collector that accepts it.</summary>
internal sealed class TelemetryScenario : Scenario
{
    public override string Name => "telemetry";

    public override async Task MeasureAsync(Figures figures, Scope scope)
    {
        await using var cluster = await TestCluster.StartAsync(FleetCluster);
        await using var collector = await OtlpCollector.StartAsync();
        OperatorSettings with = new() { Arguments = [$"--telemetry-endpoint={collector.Endpoint}"] };
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

    private static void Add(Figures figures, (Lap Lap, OperatorCost Cost) on, (Lap Lap, OperatorCost Cost) off, int size)
    {
        foreach (var (name, (lap, cost)) in new[] { ("off", off), ("on", on) })
        {
            figures.Add($"telemetry {name}: applied and reported a second", "1/s", size / lap.Seconds);
            figures.Add($"telemetry {name}: API requests for each", "1", cost.Requests / size);
            figures.Add($"telemetry {name}: CPU for each", "ms", cost.CpuSeconds * 1000 / size);
            figures.Add($"telemetry {name}: CPU beside the API server's", "%", lap.PercentOfApiServer(cost));
        }

        figures.Add("telemetry costs of throughput", "%", 100 * ((on.Lap.Seconds / off.Lap.Seconds) - 1));
        figures.Add("telemetry costs of CPU, beside the API server's", "%", 100 * ((on.Lap.PercentOfApiServer(on.Cost) / off.Lap.PercentOfApiServer(off.Cost)) - 1));
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
