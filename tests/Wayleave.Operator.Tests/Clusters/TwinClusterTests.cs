using Wayleave.Api;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Clusters;

/// <summary>Clusters whose kubeconfigs lead to the same API server.</summary>
public sealed class TwinClusterTests
{
    private readonly FakeCluster _hub = Shop.Cluster();
    private readonly FakeCluster _east = FakeMembers.Cluster(1);
    private readonly FakeMembers _members = new();
    private readonly RecordedClient _client;

    public TwinClusterTests() => _client = _members.Add(_east, "east", "prod-east");

    public static TheoryData<int> Times => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Times))]
    public async Task Only_the_older_of_two_Clusters_that_exist_at_the_start_connects_and_writes(int time)
    {
        // Both orders of the names. The creation times are usually equal.
        var (first, second) = time % 2 == 0 ? ("east", "prod-east") : ("prod-east", "east");
        _hub.User.Put(Shop.Intents(clusters: new ClusterSelection { Names = [first] }));
        FakeMembers.Register(_hub, first, first);
        FakeMembers.Register(_hub, second, second);

        await using var running = await StartAsync();
        await UntilOneWorksAsync(running);

        var older = new[] { first, second }.OrderBy(name => Find(name).Metadata.CreationTimestamp).ThenBy(name => name, StringComparer.Ordinal).First();
        Reason(older).ShouldBe(Reasons.Connected);
        await running.UntilAsync("the status of the ClientIntents", () => _hub.Declared().Condition()?.Reason == (older == first ? Reasons.Enforced : Reasons.SameCluster));
        _client.Writes.ShouldBe(older == first ? [$"create NetworkPolicy shop/{Shop.CartPolicy}"] : []);
    }

    [Theory]
    [MemberData(nameof(Times))]
    public async Task Only_the_older_of_two_Clusters_created_at_runtime_stays_connected_and_writes(int time)
    {
        var (first, second) = time % 2 == 0 ? ("east", "prod-east") : ("prod-east", "east");
        _hub.User.Put(Shop.Intents(clusters: new ClusterSelection { Names = [first, second] }));
        await using var running = await StartAsync();

        FakeMembers.Register(_hub, first, first);
        FakeMembers.Register(_hub, second, second);
        var older = new[] { first, second }.OrderBy(name => Find(name).Metadata.CreationTimestamp).ThenBy(name => name, StringComparer.Ordinal).First();
        await running.UntilAsync("only the older Cluster to be connected", () =>
            (Reason(older), Reason(older == first ? second : first)) == (Reasons.Connected, Reasons.SameCluster) && _east.Policy() is not null);

        _client.Writes.ShouldBe([$"create NetworkPolicy shop/{Shop.CartPolicy}"]);
    }

    [Fact]
    public async Task The_older_Cluster_takes_over_from_the_younger_one_without_rewriting_policies()
    {
        _hub.User.Put(Shop.Intents(clusters: new ClusterSelection { Names = ["east", "prod-east"] }));
        FakeMembers.Register(_hub, "east", "east", withSecret: false);
        PassASecond();
        FakeMembers.Register(_hub, "prod-east", "prod-east");
        await using var running = await StartAsync();
        await running.UntilAsync("the younger one to be connected", () => Reason("prod-east") == Reasons.Connected && _east.Policy() is not null);

        FakeMembers.PutSecret(_hub, "east", "east");
        await running.UntilAsync("the older one to take over", () => (Reason("east"), Reason("prod-east")) == (Reasons.Connected, Reasons.SameCluster));

        _client.Writes.ShouldBe([$"create NetworkPolicy shop/{Shop.CartPolicy}"]);
    }

    [Fact]
    public async Task The_same_Cluster_connects_after_restarts_and_leader_changes_without_rewriting_policies()
    {
        _hub.User.Put(Shop.Intents(clusters: new ClusterSelection { Names = ["east"] }));
        FakeMembers.Register(_hub, "east", "east");
        FakeMembers.Register(_hub, "prod-east", "prod-east");
        await using (var running = await StartAsync())
        {
            await UntilOneWorksAsync(running);
            await running.UntilAsync("the policy", () => _east.Policy() is not null);
        }

        for (var restart = 0; restart < 5; restart++)
        {
            await using var again = await StartAsync();
            await UntilSyncedAsync(again);
            await again.StopLeadingAsync();
            await again.LeadAsync();
            await UntilSyncedAsync(again);
            (Reason("east"), Reason("prod-east")).ShouldBe((Reasons.Connected, Reasons.SameCluster));
        }

        _client.Writes.ShouldBe([$"create NetworkPolicy shop/{Shop.CartPolicy}"]);
    }

    [Fact]
    public async Task An_older_Cluster_that_becomes_unreachable_still_blocks_the_younger_one()
    {
        FakeMembers.Register(_hub, "east", "east");
        await using (var running = await StartAsync())
        {
            await running.UntilAsync("the older Cluster to be connected", () => Reason("east") == Reasons.Connected);
        }

        FakeMembers.PutSecret(_hub, "east", "nowhere");
        _members.Unplug("nowhere");
        FakeMembers.Register(_hub, "prod-east", "prod-east");
        await using var again = await StartAsync();

        await again.UntilAsync("the older one to be unreachable", () => Reason("east") == Reasons.Unreachable);
        await again.UntilAsync("the younger one to be refused", () => Reason("prod-east") == Reasons.SameCluster);
    }

    [Fact]
    public async Task A_never_reached_older_Cluster_delays_the_younger_one_by_less_than_15_seconds()
    {
        FakeMembers.Register(_hub, "broken", "nowhere");
        _members.Unplug("nowhere");
        FakeMembers.Register(_hub, "east", "east");
        await using var running = await StartAsync();

        // Wait only until the member starts: the clock may advance while its caches sync.
        var members = running.Services.Part<MemberClusterManager>();
        await running.UntilAsync("the younger one to be started", () => members.Find("east") is not null);

        running.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task The_younger_Cluster_takes_over_from_a_deleted_older_one_without_rewriting_policies()
    {
        _hub.User.Put(Shop.Intents(clusters: new ClusterSelection { Names = ["east", "prod-east"] }));
        FakeMembers.Register(_hub, "east", "east");
        FakeMembers.Register(_hub, "prod-east", "prod-east");
        await using var running = await StartAsync();
        await UntilOneWorksAsync(running);
        await running.UntilAsync("the policy", () => _east.Policy() is not null);

        _hub.User.Delete<Cluster>(null, "east");
        await running.UntilAsync("the younger one to take over", () => _hub.List<Cluster>().Count == 1 && Reason("prod-east") == Reasons.Connected);

        _client.Writes.ShouldBe([$"create NetworkPolicy shop/{Shop.CartPolicy}"]);
    }

    [Fact]
    public async Task A_Cluster_that_leads_to_the_hub_never_connects_and_its_deletion_keeps_the_policies()
    {
        _members.Add(_hub, "hub");
        _hub.User.Put(Shop.Intents());
        FakeMembers.Register(_hub, "mirror", "hub");
        await using var running = await StartAsync();
        await running.UntilAsync("the Cluster to be refused", () => Reason("mirror") == Reasons.SameCluster);
        await running.UntilAsync("the policy", () => _hub.Policy() is not null);

        // Add the finalizer that a Cluster has after it was connected.
        _hub.User.Edit<Cluster>(null, "mirror", cluster => cluster.Metadata.Finalizers = [WayleaveLabels.Cleanup]);
        _hub.User.Delete<Cluster>(null, "mirror");
        await running.UntilAsync("the Cluster to be removed", () => _hub.List<Cluster>().Count == 0);

        _hub.Policy().ShouldNotBeNull();
    }

    [Fact]
    public async Task A_paused_Cluster_is_not_Stalled_and_lets_the_younger_one_connect()
    {
        FakeMembers.Register(_hub, "east", "east");
        FakeMembers.Register(_hub, "prod-east", "prod-east");
        await using var running = await StartAsync();
        await UntilOneWorksAsync(running);

        _hub.User.Edit<Cluster>(null, "east", cluster => cluster.Spec.Paused = true);
        await running.UntilAsync("the other to be connected", () => (Reason("east"), Reason("prod-east")) == (Reasons.Paused, Reasons.Connected));
        Find("east").Status!.Conditions!.ShouldNotContain(condition => condition.Type == ConditionTypes.Stalled);

        _hub.User.Edit<Cluster>(null, "east", cluster => cluster.Spec.Paused = false);
        await running.UntilAsync("the older one to be connected again", () => (Reason("east"), Reason("prod-east")) == (Reasons.Connected, Reasons.SameCluster));
    }

    private Task<RunningOperator> StartAsync() => Shop.StartAsync(_hub, new RunningOptions { Members = _members.Wrap });

    private Task UntilOneWorksAsync(RunningOperator running) => running.UntilAsync(
        "one to be connected and the other refused",
        () => new[] { Reason("east"), Reason("prod-east") }.Order(StringComparer.Ordinal).SequenceEqual([Reasons.Connected, Reasons.SameCluster]));

    // The statuses may be those of an earlier process, so look at the member of this one.
    private static Task UntilSyncedAsync(RunningOperator running)
    {
        var members = running.Services.Part<MemberClusterManager>();
        return running.UntilAsync("the caches of the member to sync", () => members.Find("east") is { HasSynced: true });
    }

    // Creation times are in whole seconds. Every fourth write to the fake cluster advances them by one.
    private void PassASecond()
    {
        for (var i = 0; i < 8; i++)
        {
            _hub.User.Put(Shop.Workload($"other-{i}"));
        }
    }

    private Cluster Find(string name) => _hub.List<Cluster>().Single(cluster => cluster.Metadata.Name == name);

    private string? Reason(string name) => _hub.List<Cluster>().FirstOrDefault(cluster => cluster.Metadata.Name == name)?.Status?.Conditions?
        .Find(condition => condition.Type == ConditionTypes.Ready)?.Reason;
}
