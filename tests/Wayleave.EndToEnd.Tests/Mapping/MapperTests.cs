using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>The mapper against a real API server: Pods and Services are created, batches are handed in, and objects appear.</summary>
public sealed class MapperTests : IAsyncLifetime
{
    private MappedCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await MappedCluster.StartAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    [Fact]
    public async Task Stores_who_calls_whom()
    {
        var shop = await _cluster.NewNamespaceAsync();
        await using var mapper = await _cluster.StartMapperAsync();
        var checkout = await _cluster.CreatePodAsync(shop, "checkout", "10.1.0.1");
        await _cluster.CreatePodAsync(shop, "cart", "10.1.0.2");
        var service = await _cluster.CreateServiceAsync(shop, "cart", "10.1.0.2");
        await mapper.UntilKnownAsync(checkout);
        await mapper.UntilServiceKnownAsync(service);

        mapper.Send(checkout, (service, 80, "10.1.0.2", 8080));

        var stored = await _cluster.UntilStoredAsync(shop, "pod-checkout", intents => intents.Calls.Count > 0);
        var call = stored.Calls.ShouldHaveSingleItem();
        (call.Target.Kubernetes!.Name, call.Target.Kubernetes.Kind, call.Service).ShouldBe(("cart", "Pod", "cart"));
        (call.Outcome, call.Target.Kubernetes.Ports!.Single().Number).ShouldBe((ObservedOutcomes.Connected, 8080));
        stored.Metadata.ManagedFields.ShouldHaveSingleItem().Manager.ShouldBe("wayleave-mapper");
    }

    [Fact]
    public async Task Attributes_calls_of_short_lived_Pods_and_of_reused_addresses()
    {
        var shop = await _cluster.NewNamespaceAsync();
        await using var mapper = await _cluster.StartMapperAsync();
        var started = DateTime.UtcNow.AddSeconds(-4);
        var brief = await _cluster.CreatePodAsync(shop, "brief", "10.1.1.1", started);
        var first = await _cluster.CreatePodAsync(shop, "first", "10.1.1.9", started);
        await mapper.UntilKnownAsync(brief);
        await mapper.UntilKnownAsync(first);
        await _cluster.DeletePodAsync(shop, "first");
        var second = await _cluster.CreatePodAsync(shop, "second", "10.1.1.9", started.AddSeconds(3));
        await mapper.UntilKnownAsync(second);
        await _cluster.DeletePodAsync(shop, "brief");

        mapper.Send(brief, started.AddSeconds(1), ("10.1.1.9", 80, "10.1.1.9", 80));
        mapper.Send(brief, started.AddSeconds(4), ("10.1.1.9", 81, "10.1.1.9", 81));

        var stored = await _cluster.UntilStoredAsync(shop, "pod-brief", intents => intents.Calls.Count > 1);
        stored.Calls.Select(call => (call.Target.Kubernetes!.Name, call.Target.Kubernetes.Ports!.Single().Number))
            .ShouldBe([("first", 80), ("second", 81)]);
    }

    [Fact]
    public async Task Goes_on_after_a_restart_from_what_it_stored()
    {
        var shop = await _cluster.NewNamespaceAsync();
        var checkout = await _cluster.CreatePodAsync(shop, "checkout", "10.1.2.1");
        await _cluster.CreatePodAsync(shop, "cart", "10.1.2.2");
        await _cluster.CreatePodAsync(shop, "orders", "10.1.2.3");
        await using (var mapper = await _cluster.StartMapperAsync())
        {
            await mapper.UntilKnownAsync(checkout);
            mapper.Send(checkout, ("10.1.2.2", 80, "10.1.2.2", 80));
            await _cluster.UntilStoredAsync(shop, "pod-checkout", intents => intents.Calls.Count == 1);
        }

        await using var restarted = await _cluster.StartMapperAsync();
        restarted.Send(checkout, ("10.1.2.3", 80, "10.1.2.3", 80));

        var stored = await _cluster.UntilStoredAsync(shop, "pod-checkout", intents => intents.Calls.Count > 1);
        stored.Calls.Select(call => call.Target.Kubernetes!.Name).ShouldBe(["cart", "orders"]);
    }

    [Fact]
    public async Task Forgets_the_calls_of_an_object_that_a_person_deletes()
    {
        var shop = await _cluster.NewNamespaceAsync();
        var checkout = await _cluster.CreatePodAsync(shop, "checkout", "10.1.3.1");
        await _cluster.CreatePodAsync(shop, "cart", "10.1.3.2");
        await _cluster.CreatePodAsync(shop, "orders", "10.1.3.3");
        await using var mapper = await _cluster.StartMapperAsync();
        mapper.Send(checkout, ("10.1.3.2", 80, "10.1.3.2", 80));
        await _cluster.UntilStoredAsync(shop, "pod-checkout", intents => intents.Calls.Count == 1);

        await _cluster.Client.DeleteAsync<ObservedIntents>("pod-checkout", shop, preconditions: null, default);
        await Poll.UntilAsync("the map to forget", _ => Task.FromResult(mapper.CallCount == 0), Poll.Patience, default);
        mapper.Send(checkout, ("10.1.3.3", 80, "10.1.3.3", 80));

        var stored = await _cluster.UntilStoredAsync(shop, "pod-checkout", intents => intents.Calls.Count > 0);
        stored.Calls.ShouldHaveSingleItem().Target.Kubernetes!.Name.ShouldBe("orders");
    }

    [Fact]
    public async Task Never_writes_an_object_again_that_was_deleted_without_its_knowledge()
    {
        var shop = await _cluster.NewNamespaceAsync();
        var stale = new ObservedIntents
        {
            Metadata = new V1ObjectMeta { Name = "pod-checkout", NamespaceProperty = shop, Uid = Guid.NewGuid().ToString() },
            Workload = new ObservedWorkload { Name = "checkout", Kind = WorkloadKindNames.Pod },
            Since = DateTime.UtcNow.Date,
        };

        var error = await Should.ThrowAsync<k8s.KubernetesException>(() => _cluster.Client.ApplyAsync(stale, default));
        error.Status.Code.ShouldBe(409);
    }

    [Fact]
    public async Task A_standby_is_not_ready_and_takes_over_when_the_leader_stops()
    {
        var leader = await _cluster.StartMapperAsync("--leader-elect");
        await using var standby = await _cluster.StartMapperAsync(isReady: false, "--leader-elect");
        await Poll.UntilAsync(
            "the standby to sync", _ => Task.FromResult(standby.NotReadyReason?.StartsWith("not leading", StringComparison.Ordinal) == true), Poll.Patience, default);
        leader.NotReadyReason.ShouldBeNull();

        await leader.DisposeAsync();

        await standby.UntilReadyAsync();
    }
}
