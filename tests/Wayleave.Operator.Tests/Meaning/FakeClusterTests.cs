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
    public async Task Apply_creates_an_object_and_a_repeated_apply_changes_nothing()
    {
        var first = await _cluster.ApplyAsync(Policy("cart"), force: false, CancellationToken.None);
        var second = await _cluster.ApplyAsync(Policy("cart"), force: false, CancellationToken.None);

        first.Created.ShouldBeTrue();
        first.Entity.Metadata.Generation.ShouldBe(1);
        first.Entity.Metadata.ManagedFields!.ShouldContain(entry => entry.Manager == "wayleave" && entry.Operation == "Apply");
        second.Created.ShouldBeFalse();
        second.Entity.Metadata.ResourceVersion.ShouldBe(first.Entity.Metadata.ResourceVersion);
        _cluster.Writes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Apply_conflicts_with_another_field_manager_unless_it_is_forced()
    {
        _cluster.User.Put(Policy("web"));

        var error = await Should.ThrowAsync<KubernetesException>(() => _cluster.ApplyAsync(Policy("cart"), force: false, CancellationToken.None));

        error.IsConflict.ShouldBeTrue();
        (await _cluster.ApplyAsync(Policy("cart"), force: true, CancellationToken.None)).Created.ShouldBeFalse();
    }

    [Fact]
    public async Task Apply_removes_its_own_old_labels_and_keeps_those_of_others()
    {
        await _cluster.ApplyAsync(Policy("cart", "tier"), force: false, CancellationToken.None);
        _cluster.User.Edit<V1NetworkPolicy>("shop", "policy", policy => policy.Spec!.PodSelector!.MatchLabels!["somebody"] = "else");

        var applied = await _cluster.ApplyAsync(Policy("cart"), force: true, CancellationToken.None);

        applied.Entity.Spec!.PodSelector!.MatchLabels!.Keys.ShouldBe(["app", "somebody"], ignoreOrder: true);
    }

    [Fact]
    public async Task Patch_of_an_old_version_conflicts()
    {
        var applied = await _cluster.ApplyAsync(Policy("cart"), force: false, CancellationToken.None);
        var spec = Policy("web").Spec!;
        var version = applied.Entity.Metadata.ResourceVersion;

        var patched = await _cluster.PatchAsync<V1NetworkPolicy>("policy", "shop", Patch(spec, version), CancellationToken.None);
        var error = await Should.ThrowAsync<KubernetesException>(
            () => _cluster.PatchAsync<V1NetworkPolicy>("policy", "shop", Patch(spec, version), CancellationToken.None));

        patched.Spec!.PodSelector!.MatchLabels!["app"].ShouldBe("web");
        error.IsConflict.ShouldBeTrue();
    }

    [Fact]
    public async Task Delete_conflicts_for_another_version_and_returns_false_for_a_missing_object()
    {
        var applied = await _cluster.ApplyAsync(Policy("cart"), force: false, CancellationToken.None);
        var stale = new V1Preconditions { Uid = applied.Entity.Metadata.Uid, ResourceVersion = "0" };

        (await Should.ThrowAsync<KubernetesException>(() => DeleteAsync(stale))).IsConflict.ShouldBeTrue();
        (await DeleteAsync(null)).ShouldBeTrue();
        (await DeleteAsync(null)).ShouldBeFalse();
    }

    [Fact]
    public async Task ApplyStatus_changes_only_the_status_and_conflicts_for_an_old_version()
    {
        _cluster.User.Put(Intents());
        var before = _cluster.List<ClientIntents>().Single();
        var status = Intents();
        status.Metadata.ResourceVersion = before.Metadata.ResourceVersion;
        status.Status = new ClientIntentsStatus { ObservedGeneration = 1 };

        var after = await _cluster.ApplyStatusAsync(status, CancellationToken.None);

        after.Metadata.Generation.ShouldBe(1);
        after.Status!.ObservedGeneration.ShouldBe(1);
        after.Spec.Workload.Name.ShouldBe("web");
        status.Status.ObservedGeneration = 2;
        (await Should.ThrowAsync<KubernetesException>(() => _cluster.ApplyStatusAsync(status, CancellationToken.None))).IsConflict.ShouldBeTrue();
    }

    [Fact]
    public async Task Rejects_new_objects_in_a_namespace_that_is_missing_or_terminating()
    {
        _cluster.User.Delete<V1Namespace>(null, "shop");
        var terminating = await Should.ThrowAsync<KubernetesException>(() => _cluster.ApplyAsync(Policy("cart"), force: false, CancellationToken.None));
        _cluster.User.EraseNamespace("shop");
        var missing = await Should.ThrowAsync<KubernetesException>(() => _cluster.ApplyAsync(Policy("cart"), force: false, CancellationToken.None));

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
        JsonPatch.Set("/spec", spec, SourceGenerationContext.Default.V1NetworkPolicySpec, version);

    private Task<bool> DeleteAsync(V1Preconditions? preconditions) =>
        _cluster.DeleteAsync<V1NetworkPolicy>("policy", "shop", preconditions, CancellationToken.None);

    private IAsyncEnumerator<WatchEvent<ClientIntents>> Watch() =>
        _cluster.WatchAsync<ClientIntents>(new ListOptions { ResourceVersion = "1" }, CancellationToken.None).GetAsyncEnumerator();

    private static ClientIntents Intents() => new()
    {
        Metadata = new V1ObjectMeta { Name = "intents", NamespaceProperty = "shop" },
        Spec = new ClientIntentsSpec { Workload = new WorkloadRef { Name = "web" } },
    };

    private static V1NetworkPolicy Policy(string app, string? other = null)
    {
        var labels = new Dictionary<string, string> { ["app"] = app };
        if (other is not null)
        {
            labels[other] = "x";
        }

        return new V1NetworkPolicy
        {
            Metadata = new V1ObjectMeta { Name = "policy", NamespaceProperty = "shop" },
            Spec = new V1NetworkPolicySpec { PodSelector = new V1LabelSelector { MatchLabels = labels } },
        };
    }
}
