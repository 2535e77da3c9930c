using System.Globalization;
using Wayleave.Benchmarks.Reports;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>Applies many ClientIntents at once until every policy and status is written, alternately with a bare client that makes the same writes.</summary>
internal sealed class BulkScenario(int size, int rounds) : Scenario
{
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"bulk-{size}");

    public override async Task MeasureAsync(Figures figures, Scope scope)
    {
        await using var cluster = await TestCluster.StartAsync(FleetCluster);
        using var fleet = new Fleet(cluster);
        using var bare = new BareWrites(cluster);
        await fleet.DeployAsync(size);

        // The first round warms up the API server and provides the writes for the bare client.
        await OperatorAsync(cluster, fleet, new Figures());
        await bare.RecordAsync(size);
        await LimitAsync(cluster, fleet, bare);
        for (var round = 0; round < rounds; round++)
        {
            // Alternate which goes first, so that neither always bears the aftereffects of the other.
            Lap? limit = round % 2 == 0 ? await LimitAsync(cluster, fleet, bare) : null;
            var measured = await OperatorAsync(cluster, fleet, figures);
            Add(figures, measured, limit ?? await LimitAsync(cluster, fleet, bare));
        }
    }

    private void Add(Figures figures, Lap measured, Lap limit)
    {
        figures.Add(Title("writes a second"), "1/s", 2 * size / measured.Seconds);
        figures.Add(Title("the limit"), "1/s", 2 * size / limit.Seconds);
        figures.Add(Title("share of the limit"), "%", 100 * limit.Seconds / measured.Seconds);
        figures.Add(Title("API server's CPU for each"), "ms", measured.ApiServerCpuSeconds * 1000 / size);
        figures.Add(Title("the limit: API server's CPU for each"), "ms", limit.ApiServerCpuSeconds * 1000 / size);
    }

    private async Task<Lap> LimitAsync(TestCluster cluster, Fleet fleet, BareWrites bare)
    {
        await fleet.ClearAsync();
        return await Lap.TimeAsync(cluster, size, () => bare.WriteAsync(fleet, size));
    }

    private async Task<Lap> OperatorAsync(TestCluster cluster, Fleet fleet, Figures figures)
    {
        await fleet.ClearAsync();
        await using var running = await StartAsync(cluster, NoTelemetry);
        var before = await OperatorCost.SettledAsync(running);
        var lap = await Lap.TimeAsync(cluster, size, () => fleet.DeclareAsync(size));
        var cost = await OperatorCost.SettledAsync(running) - before;
        figures.Add(Title("API requests for each"), "1", cost.Requests / size);
        figures.Add(Title("CPU for each"), "ms", cost.CpuSeconds * 1000 / size);
        figures.Add(Title("CPU beside the API server's"), "%", lap.PercentOfApiServer(cost));
        figures.Add(Title("resident memory afterwards"), "MiB", running.ResidentBytes() / Megabyte);
        await running.StopAsync();
        return lap;
    }

    private string Title(string what) => string.Create(CultureInfo.InvariantCulture, $"bulk of {size}: {what}");
}
