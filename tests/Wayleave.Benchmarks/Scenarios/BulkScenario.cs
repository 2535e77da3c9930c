using System.Diagnostics;
using System.Globalization;
using Wayleave.Benchmarks.Reports;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>Many ClientIntents applied at once, until every policy and status is written; in turns with a bare client that writes the same.</summary>
internal sealed class BulkScenario(int size) : Scenario
{
    // Few are soon done, and what the machine does besides tells the more.
    private const int Few = 1000;

    public override string Name => string.Create(CultureInfo.InvariantCulture, $"bulk-{size}");

    public override async Task MeasureAsync(Figures figures, Scope scope)
    {
        await using var cluster = await TestCluster.StartAsync(FleetCluster);
        using var fleet = new Fleet(cluster);
        using var bare = new BareWrites(cluster);
        await fleet.DeployAsync(size);
        var rounds = size > Few ? scope.Rounds : 2 * scope.Rounds;
        for (var round = 0; round <= rounds; round++)
        {
            // The first one only warms the API server up.
            await RoundAsync(cluster, fleet, bare, round == 0 ? new Figures() : figures);
        }
    }

    private async Task RoundAsync(TestCluster cluster, Fleet fleet, BareWrites bare, Figures figures)
    {
        var title = string.Create(CultureInfo.InvariantCulture, $"bulk of {size}");
        var seconds = await OperatorAsync(cluster, fleet, figures, title);
        await bare.RecordAsync(size);
        await fleet.ClearAsync();
        var limit = await ElapsedAsync(cluster, () => bare.WriteAsync(fleet, size));
        await fleet.ClearAsync();
        figures.Add($"{title}: writes a second", "1/s", 2 * size / seconds);
        figures.Add($"{title}: the limit", "1/s", 2 * size / limit);
        figures.Add($"{title}: share of the limit", "%", 100 * limit / seconds);
    }

    private async Task<double> OperatorAsync(TestCluster cluster, Fleet fleet, Figures figures, string title)
    {
        await using var running = await StartAsync(cluster, NoTelemetry);
        var before = await OperatorCost.SettledAsync(running);
        var seconds = await ElapsedAsync(cluster, () => fleet.DeclareAsync(size));
        var cost = await OperatorCost.SettledAsync(running) - before;
        figures.Add($"{title}: API requests for each", "1", cost.Requests / size);
        figures.Add($"{title}: CPU for each", "ms", cost.CpuSeconds * 1000 / size);
        figures.Add($"{title}: resident memory afterwards", "MiB", running.ResidentBytes() / Megabyte);
        await running.StopAsync();
        return seconds;
    }

    private async Task<double> ElapsedAsync(TestCluster cluster, Func<Task> work)
    {
        await using var arrivals = new Arrivals(cluster, size);
        var started = Stopwatch.GetTimestamp();
        await work();
        await arrivals.CompleteAsync();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
