using System.Globalization;
using Wayleave.Benchmarks.Reports;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>The cost of an idle operator, with the default settings of telemetry.</summary>
internal sealed class RestScenario : Scenario
{
    public override string Name => "rest";

    public override async Task MeasureAsync(Figures figures, Scope scope)
    {
        await using var cluster = await TestCluster.StartAsync(FleetCluster);
        using var fleet = new Fleet(cluster);
        await fleet.DeployAsync(scope.Usual);
        await using var running = await StartAsync(cluster, new OperatorSettings());
        await fleet.DeclareAsync(scope.Usual);
        await OperatorCost.SettledAsync(running);
        var before = await OperatorCost.ReadAsync(running);
        var log = running.Log.Count;
        await Task.Delay(scope.Rest);
        var cost = await OperatorCost.ReadAsync(running) - before;
        var title = string.Create(CultureInfo.InvariantCulture, $"idle for {scope.Rest.TotalMinutes:0.#} min with {scope.Usual} ClientIntents");
        figures.Add($"{title}: API requests", "1", cost.Requests);
        figures.Add($"{title}: API writes", "1", cost.Writes);
        figures.Add($"{title}: CPU", "s", cost.CpuSeconds);
        figures.Add($"{title}: lines in the log", "1", running.Log.Count - log);
        figures.Add($"{title}: resident memory", "MiB", running.ResidentBytes() / Megabyte);
    }
}
