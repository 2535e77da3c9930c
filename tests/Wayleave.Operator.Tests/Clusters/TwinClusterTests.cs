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
    public async Task Of_two_that_are_created_at_once_the_older_connects_and_nothing_is_written_twice(int time)
    {
        // Names in both orders, and creation times that are mostly the same.
        var (first, second) = time % 2 == 0 ? ("east", "prod-east") : ("prod-east", "east");
        _hub.User.Put(Shop.Intents(clusters: new ClusterSelection { Names = [first] }));
        FakeMembers.Register(_hub, first, first);
        FakeMembers.Register(_hub, second, second);

        await using var running = await StartAsync();
        await UntilOneWorksAsync(running);

        var older = new[] { first, second }.OrderBy(name => Find(name).Metadata.CreationTimestamp).ThenBy(name => name, StringComparer.Ordinal).First();
        Reason(older).ShouldBe(Reasons.Connected);
        await running.UntilAsync("the intents to be reported on", () => _hub.Declared().Condition()?.Reason == (older == first ? Reasons.Enforced : Reasons.SameCluster));
        _client.Writes.ShouldBe(older == first ? [$"create NetworkPolicy shop/{Shop.CartPolicy}"] : []);
    }

    [Theory]
    [MemberData(nameof(Times))]
    public async Task Of_two_that_are_created_while_the_operator_runs_the_older_one_ends_up_connected_and_nothing_is_written_twice(int time)
    {
        var (first, second) = time % 2 == 0 ? ("east", "prod-east") : ("prod-east", "east");
        _hub.User.Put(Shop.Intents(clusters: new ClusterSelection { Names = [first, second] }));
        await using var running = await StartAsync();

        FakeMembers.Register(_hub, first, first);
        FakeMembers.Register(_hub, second, second);
        var older = new[] { first, second }.OrderBy(name => Find(name).Metadata.CreationTimestamp).ThenBy(name => name, StringComparer.Ordinal).First();
        await running.UntilAsync("the older one to be the only one", () =>
            (Reason(older), Reason(older == first ? second : first)) == (Reasons.Connected, Reasons.SameCluster) && _east.Policy() is not null);

        _client.Writes.ShouldBe([$"create NetworkPolicy shop/{Shop.CartPolicy}"]);
    }

    [Fact]
    public async Task The_younger_one_yields_when_the_older_one_appears_and_the_policies_it_needs_stay()
    {
        _hub.User.Put(Shop.Intents(clusters: new ClusterSelection { Names = ["east", "prod-east"] }));
        FakeMembers.Register(_hub, "east", "east", withSecret: false);
        Later();
        FakeMembers.Register(_hub, "prod-east", "prod-east");
        await using var running = await StartAsync();
        await running.UntilAsync("the younger one to be connected", () => Reason("prod-east") == Reasons.Connected && _east.Policy() is not null);

        FakeMembers.PutSecret(_hub, "east", "east");
        await running.UntilAsync("the older one to take over", () => (Reason("east"), Reason("prod-east")) == (Reasons.Connected, Reasons.SameCluster));

        _client.Writes.ShouldBe([$"create NetworkPolicy shop/{Shop.CartPolicy}"]);
    }

    [Fact]
    public async Task After_a_restart_and_a_change_of_leader_it_is_the_same_one_and_no_policy_is_touched()
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
    public async Task The_older_one_keeps_its_place_while_it_cannot_be_reached()
    {
        FakeMembers.Register(_hub, "east", "east");
        await using (var running = await StartAsync())
        {
            await running.UntilAsync("it to be connected", () => Reason("east") == Reasons.Connected);
        }

        FakeMembers.PutSecret(_hub, "east", "nowhere");
        _members.Unplug("nowhere");
        FakeMembers.Register(_hub, "prod-east", "prod-east");
        await using var again = await StartAsync();

        await again.UntilAsync("the older one to be missed", () => Reason("east") == Reasons.Unreachable);
        await again.UntilAsync("the younger one to be refused", () => Reason("prod-east") == Reasons.SameCluster);
    }

    [Fact]
    public async Task An_older_one_that_was_never_reached_holds_the_younger_one_up_for_ten_seconds_at_most()
    {
        FakeMembers.Register(_hub, "broken", "nowhere");
        _members.Unplug("nowhere");
        FakeMembers.Register(_hub, "east", "east");
        await using var running = await StartAsync();

        // Reading what is in it takes no time of this clock, which may run on meanwhile.
        var members = running.Services.Part<MemberClusterManager>();
        await running.UntilAsync("the younger one to be started", () => members.Of("east") is not null);

        running.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task When_the_older_one_is_deleted_the_younger_one_takes_its_place_and_the_policies_stay()
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
    public async Task One_that_leads_to_the_hub_never_connects_and_takes_no_policy_along()
    {
        _members.Add(_hub, "hub");
        _hub.User.Put(Shop.Intents());
        FakeMembers.Register(_hub, "mirror", "hub");
        await using var running = await StartAsync();
        await running.UntilAsync("it to be refused", () => Reason("mirror") == Reasons.SameCluster);
        await running.UntilAsync("the policy", () => _hub.Policy() is not null);

        // As if it had been connected elsewhere before.
        _hub.User.Edit<Cluster>(null, "mirror", cluster => cluster.Metadata.Finalizers = [WayleaveLabels.Cleanup]);
        _hub.User.Delete<Cluster>(null, "mirror");
        await running.UntilAsync("it to go", () => _hub.List<Cluster>().Count == 0);

        _hub.Policy().ShouldNotBeNull();
    }

    [Fact]
    public async Task A_paused_one_is_not_stalled_and_leaves_its_place_to_the_other()
    {
        FakeMembers.Register(_hub, "east", "east");
        FakeMembers.Register(_hub, "prod-east", "prod-east");
        await using var running = await StartAsync();
        await UntilOneWorksAsync(running);

        _hub.User.Edit<Cluster>(null, "east", cluster => cluster.Spec.Paused = true);
        await running.UntilAsync("the other to be connected", () => (Reason("east"), Reason("prod-east")) == (Reasons.Paused, Reasons.Connected));
        Find("east").Status!.Conditions!.ShouldNotContain(condition => condition.Type == ConditionTypes.Stalled);

        _hub.User.Edit<Cluster>(null, "east", cluster => cluster.Spec.Paused = false);
        await running.UntilAsync("the older one to be back", () => (Reason("east"), Reason("prod-east")) == (Reasons.Connected, Reasons.SameCluster));
    }

    private Task<RunningOperator> StartAsync() => Shop.StartAsync(_hub, new RunningOptions { Members = _members.Wrap });

    private Task UntilOneWorksAsync(RunningOperator running) => running.UntilAsync(
        "one to be connected and the other refused",
        () => new[] { Reason("east"), Reason("prod-east") }.Order(StringComparer.Ordinal).SequenceEqual([Reasons.Connected, Reasons.SameCluster]));

    // The statuses are of an earlier process: what this one has done shows elsewhere.
    private static Task UntilSyncedAsync(RunningOperator running)
    {
        var members = running.Services.Part<MemberClusterManager>();
        return running.UntilAsync("the member to be worked in", () => members.Of("east") is { HasSynced: true });
    }

    // Creation times are in whole seconds.
    private void Later()
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
