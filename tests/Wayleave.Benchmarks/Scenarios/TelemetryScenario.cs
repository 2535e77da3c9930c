using System.Diagnostics;
using Wayleave.Benchmarks.Reports;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>The same work with telemetry on, as it is by default and with a collector that takes it, and off, in turns.</summary>
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
            // Each goes first as often as the other: what one leaves behind must not be counted as the other's.
            var costs = new Dictionary<OperatorSettings, (double Seconds, double Requests, double CpuMilliseconds)>();
            foreach (var settings in round % 2 == 0 ? [with, NoTelemetry] : new[] { NoTelemetry, with })
            {
                costs[settings] = await RoundAsync(cluster, fleet, scope.Usual, settings);
            }

            var (on, off) = (costs[with], costs[NoTelemetry]);
            figures.Add("telemetry off: applied and reported a second", "1/s", scope.Usual / off.Seconds);
            figures.Add("telemetry on: applied and reported a second", "1/s", scope.Usual / on.Seconds);
            figures.Add("telemetry costs of throughput", "%", 100 * ((on.Seconds / off.Seconds) - 1));
            figures.Add("telemetry off: API requests for each", "1", off.Requests);
            figures.Add("telemetry on: API requests for each", "1", on.Requests);
            figures.Add("telemetry off: CPU for each", "ms", off.CpuMilliseconds);
            figures.Add("telemetry on: CPU for each", "ms", on.CpuMilliseconds);
            figures.Add("telemetry costs of CPU", "%", 100 * ((on.CpuMilliseconds / off.CpuMilliseconds) - 1));
        }
    }

    // What the first use of everything costs is the same for both, and is paid before the clock runs.
    private static async Task<(double Seconds, double Requests, double CpuMilliseconds)> RoundAsync(TestCluster cluster, Fleet fleet, int size, OperatorSettings settings)
    {
        await using var running = await StartAsync(cluster, settings);
        await fleet.DeclareAsync(Fleet.PerNamespace);
        var before = await OperatorCost.SettledAsync(running, readsCount: false);
        await using var arrivals = new Arrivals(cluster, size);
        var started = Stopwatch.GetTimestamp();
        await fleet.DeclareAsync(size);
        await arrivals.CompleteAsync();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cost = await OperatorCost.SettledAsync(running, readsCount: false) - before;
        await running.StopAsync();
        await fleet.ClearAsync();
        return (seconds, cost.Requests / size, cost.CpuSeconds * 1000 / size);
    }
}
