using Wayleave.Api;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class EventTests(SharedCluster shared) : EnforcementTest(shared)
{
    [Fact]
    public async Task Records_one_Event_for_each_new_reason_of_the_Ready_condition()
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
    public async Task Records_no_Event_for_objects_that_are_enforced_from_the_start_and_stay_so()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]", "calls"), Yaml.Protection(shop, "cart"));
        await Cluster.UntilEnforcedAsync(shop, "calls");
        await Cluster.UntilProtectionAsync(shop, "cart", "True", Reasons.Enforced);
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart, ports: [80]}}]", "calls"));
        await Cluster.UntilEnforcedAsync(shop, "calls");

        // Events are sent one at a time, in order: when the marker's Event is there, all earlier ones are.
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
