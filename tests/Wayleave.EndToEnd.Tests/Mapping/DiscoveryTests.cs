using System.Text.Json;
using Wayleave.EndToEnd.Tests.Telemetry;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>Counts of what the network mapper discovered, across restarts of the operator.</summary>
[Collection(LedgerCollection.Name)]
public sealed class DiscoveryTests(TelemetryCluster cluster)
{
    private const string Flag = "--observed-intents";

    [Fact]
    public async Task Counts_growth_once_and_no_deletion_across_restarts()
    {
        await using var stage = await cluster.SetAsync();
        var first = await stage.StartAsync(Flag);
        await stage.WaitForAsync("STARTED", 1);
        await SeeAsync(stage, "checkout", "{intents: 5, tcp: 5}");
        await SeeAsync(stage, "cart", "{intents: 1, tcp: 1}");
        await stage.WaitForAsync("INTENTS_DISCOVERED", 6);
        await first.KillAsync();

        await SeeAsync(stage, "checkout", "{intents: 7, tcp: 7}");
        await stage.Scene.Cluster.ApplyAsync(Yaml.Observed(stage.Scene.Home, "web", "[]", "{intents: 1, dns: 1}"));
        var second = await stage.StartAsync(Flag);
        await stage.WaitForAsync("INTENTS_DISCOVERED", 9);
        await second.StopAsync();

        await stage.Scene.Cluster.DeleteAsync(Yaml.Observed(stage.Scene.Home, "web", "[]"));
        await stage.Scene.Cluster.DeleteAsync(Yaml.Observed(stage.Scene.Namespace, "checkout", "[]"));
        var third = await stage.StartAsync(Flag);
        await SeeAsync(stage, "cart", "{intents: 2, tcp: 1, socketScan: 1}");
        await stage.WaitForAsync("INTENTS_DISCOVERED_SOCKET_SCAN", 1);
        await third.StopAsync();

        (stage.Count("INTENTS_DISCOVERED"), stage.Total("INTENTS_DISCOVERED")).ShouldBe((10, 10));
        (stage.Count("INTENTS_DISCOVERED_TCP"), stage.Count("INTENTS_DISCOVERED_CAPTURE")).ShouldBe((8, 1));
        (stage.Count("SERVICE_DISCOVERED"), stage.Count("NAMESPACE_DISCOVERED")).ShouldBe((3, 2));
        (await TotalAsync(stage, "SERVICE_DISCOVERED"), await TotalAsync(stage, "NAMESPACE_DISCOVERED")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Counts_what_was_discovered_before_the_map_was_read()
    {
        await using var stage = await cluster.SetAsync();
        var without = await stage.StartAsync();
        await stage.ApplyOneAsync("cart");
        await stage.WaitForAsync("INTENTS_APPLIED", 1);
        await SeeAsync(stage, "checkout", "{intents: 5, tcp: 5}");
        await without.StopAsync();
        stage.Count("INTENTS_DISCOVERED").ShouldBe(0);

        var with = await stage.StartAsync(Flag);
        await stage.WaitForAsync("INTENTS_DISCOVERED", 5);
        await stage.WaitForAsync("SERVICE_DISCOVERED", 1);
        await stage.WaitForAsync("NAMESPACE_DISCOVERED", 1);
        await with.StopAsync();

        stage.Count("INTENTS_APPLIED").ShouldBe(1);
    }

    private static Task SeeAsync(TelemetryStage stage, string client, string tally) =>
        stage.Scene.Cluster.ApplyAsync(Yaml.Observed(stage.Scene.Namespace, client, "[]", tally));

    private static async Task<long> TotalAsync(TelemetryStage stage, string type)
    {
        using var totals = JsonDocument.Parse((await stage.ReadLedgerAsync())!["totals"]);
        return totals.RootElement.GetProperty(type).GetInt64();
    }
}
