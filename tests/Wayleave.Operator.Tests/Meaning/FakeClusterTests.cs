using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Hosting;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Meaning;

/// <summary>The API server in memory behaves like a real one.</summary>
public sealed class FakeClusterTests
{
    private readonly FakeCluster _cluster = new(ApiClients.Registry, WayleaveLabels.FieldManager);

    public FakeClusterTests() => _cluster.User.Put(new V1Namespace { Metadata = new V1ObjectMeta { Name = "shop", Finalizers = ["kubernetes"] } });

    [Fact]
    public async Task Creates_an_object_once()
    {
        var created = await CreateAsync();
        var error = await Should.ThrowAsync<KubernetesException>(CreateAsync);

        created.Metadata.Generation.ShouldBe(1);
        created.Metadata.ManagedFields!.ShouldContain(entry => entry.Manager == "wayleave" && entry.Operation == "Update");
        error.IsConflict.ShouldBeTrue();
        _cluster.Writes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Patch_of_an_old_version_conflicts()
    {
        var created = await CreateAsync();
        var spec = Policy("web").Spec!;
        var version = created.Metadata.ResourceVersion;

        var patched = await _cluster.PatchAsync<V1NetworkPolicy>("policy", "shop", Patch(spec, version), CancellationToken.None);
        var error = await Should.ThrowAsync<KubernetesException>(
            () => _cluster.PatchAsync<V1NetworkPolicy>("policy", "shop", Patch(spec, version), CancellationToken.None));

        patched.Spec!.PodSelector!.MatchLabels!["app"].ShouldBe("web");
        error.IsConflict.ShouldBeTrue();
    }

    [Fact]
    public async Task Delete_conflicts_for_another_version_and_returns_false_for_a_missing_object()
    {
        var created = await CreateAsync();
        var stale = new V1Preconditions { Uid = created.Metadata.Uid, ResourceVersion = "0" };

        (await Should.ThrowAsync<KubernetesException>(() => DeleteAsync(stale))).IsConflict.ShouldBeTrue();
        (await DeleteAsync(null)).ShouldBeTrue();
        (await DeleteAsync(null)).ShouldBeFalse();
    }

    [Fact]
    public async Task ApplyStatus_changes_only_the_status_and_conflicts_for_an_old_version()
    {
        _cluster.User.Put(Intents());
        var before = _cluster.List<ClientIntents>().Single();
        var status = new JsonPatch(before.Metadata.ResourceVersion)
            .Set("/status", new ClientIntentsStatus { ObservedGeneration = 1 }, ApiJson.Default.ClientIntentsStatus)
            .Build();

        var after = await PatchStatusAsync(status);

        after.Metadata.Generation.ShouldBe(1);
        after.Status!.ObservedGeneration.ShouldBe(1);
        after.Spec.Workload.Name.ShouldBe("web");
        (await Should.ThrowAsync<KubernetesException>(() => PatchStatusAsync(status))).IsConflict.ShouldBeTrue();
    }

    [Fact]
    public async Task Rejects_new_objects_in_a_namespace_that_is_missing_or_terminating()
    {
        _cluster.User.Delete<V1Namespace>(null, "shop");
        var terminating = await Should.ThrowAsync<KubernetesException>(CreateAsync);
        _cluster.User.EraseNamespace("shop");
        var missing = await Should.ThrowAsync<KubernetesException>(CreateAsync);

        terminating.IsForbidden.ShouldBeTrue();
        missing.IsNotFound.ShouldBeTrue();
    }

    [Fact]
    public async Task Deletes_an_object_with_a_finalizer_in_two_steps_and_sends_an_event_for_each()
    {
        var intents = Intents();
        intents.Metadata.Finalizers = ["example.com/hold"];
        await using var watch = Watch();
        var next = watch.MoveNextAsync();
        _cluster.User.Put(intents);
        (await next).ShouldBeTrue();
        watch.Current.Type.ShouldBe(WatchEventType.Added);

        _cluster.User.Delete<ClientIntents>("shop", "intents");
        (await watch.MoveNextAsync()).ShouldBeTrue();
        (watch.Current.Type, watch.Current.Entity.Metadata.DeletionTimestamp is null).ShouldBe((WatchEventType.Modified, false));
        _cluster.IsHeard("clientintents").ShouldBeFalse();

        _cluster.User.Edit<ClientIntents>("shop", "intents", held => held.Metadata.Finalizers = null);
        (await watch.MoveNextAsync()).ShouldBeTrue();
        watch.Current.Type.ShouldBe(WatchEventType.Deleted);
    }

    [Fact]
    public async Task A_watch_can_be_resumed_unless_its_version_has_expired()
    {
        _cluster.User.Put(Intents());
        await using var watch = Watch();
        (await watch.MoveNextAsync()).ShouldBeTrue();
        var next = watch.MoveNextAsync();
        _cluster.IsHeard("clientintents").ShouldBeTrue();

        _cluster.EndWatches(forget: false);
        (await next).ShouldBeFalse();
        await using var again = Watch();
        (await again.MoveNextAsync()).ShouldBeTrue();

        _cluster.EndWatches(forget: true);
        await using var late = Watch();
        (await Should.ThrowAsync<KubernetesException>(async () => await late.MoveNextAsync())).IsGone.ShouldBeTrue();
    }

    private static V1Patch Patch(V1NetworkPolicySpec spec, string? version) =>
        new JsonPatch(version).Set("/spec", spec, SourceGenerationContext.Default.V1NetworkPolicySpec).Build();

    private Task<ClientIntents> PatchStatusAsync(V1Patch patch) =>
        _cluster.PatchStatusAsync<ClientIntents>("intents", "shop", patch, CancellationToken.None);

    private Task<V1NetworkPolicy> CreateAsync() => _cluster.CreateAsync(Policy("cart"), CancellationToken.None);

    private Task<bool> DeleteAsync(V1Preconditions? preconditions) =>
        _cluster.DeleteAsync<V1NetworkPolicy>("policy", "shop", preconditions, CancellationToken.None);

    private IAsyncEnumerator<WatchEvent<ClientIntents>> Watch() =>
        _cluster.WatchAsync<ClientIntents>(new ListOptions { ResourceVersion = "1" }, CancellationToken.None).GetAsyncEnumerator();

    private static ClientIntents Intents() => new()
    {
        Metadata = new V1ObjectMeta { Name = "intents", NamespaceProperty = "shop" },
        Spec = new ClientIntentsSpec { Workload = new WorkloadRef { Name = "web" } },
    };

    private static V1NetworkPolicy Policy(string app) => new()
    {
        Metadata = new V1ObjectMeta { Name = "policy", NamespaceProperty = "shop" },
        Spec = new V1NetworkPolicySpec
        {
            PodSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = app } },
        },
    };
}
