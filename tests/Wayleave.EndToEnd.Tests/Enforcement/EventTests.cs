using Wayleave.Api;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class EventTests(SharedCluster shared) : EnforcementTest(shared)
{
    [Fact]
    public async Task Each_new_word_of_the_Ready_condition_is_one_Event()
    {
        var shop = await NewNamespaceWithAsync("checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]", "calls"));
        await Cluster.UntilIntentsAsync(shop, "calls", "False", Reasons.WorkloadNotFound);
        await UntilEventsAsync(shop, "calls", "Warning WorkloadNotFound");
        await ApplyAsync(Yaml.Workload(shop, "cart"));
        await Cluster.UntilEnforcedAsync(shop, "calls");
        await UntilEventsAsync(shop, "calls", "Warning WorkloadNotFound", "Normal Enforced");
    }

    [Fact]
    public async Task That_all_is_well_from_the_start_is_none_nor_is_an_edit_that_leaves_it_so()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]", "calls"), Yaml.Protection(shop, "cart"));
        await Cluster.UntilEnforcedAsync(shop, "calls");
        await Cluster.UntilProtectionAsync(shop, "cart", "True", Reasons.Enforced);
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart, ports: [80]}}]", "calls"));
        await Cluster.UntilEnforcedAsync(shop, "calls");

        // One at a time they are sent, in order: when the marker's is there, all earlier ones are.
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: nobody}}]", "marker"));
        await UntilEventsAsync(shop, "marker", "Warning WorkloadNotFound");
        (await Cluster.EventsAsync(shop, "calls")).ShouldBeEmpty();
        (await Cluster.EventsAsync(shop, "cart")).ShouldBeEmpty();
    }

    private Task<string> UntilEventsAsync(string @namespace, string name, params IReadOnlyList<string> events) => Poll.UntilAsync(
        $"the Events about {name} to be [{string.Join(", ", events)}]",
        async _ => string.Join(", ", await Cluster.EventsAsync(@namespace, name)),
        seen => seen == string.Join(", ", events),
        Poll.Patience,
        CancellationToken.None);
}
