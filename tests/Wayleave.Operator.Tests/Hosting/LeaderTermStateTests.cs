using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Hosting;

/// <summary>A replica that leads, loses the lead, and leads again.</summary>
public sealed class LeaderTermStateTests
{
    private readonly FakeCluster _cluster = Shop.Cluster();
    private readonly RecordedClient _client;

    public LeaderTermStateTests() => _client = new RecordedClient(_cluster);

    [Fact]
    public async Task Writes_nothing_when_another_leader_reconciled_everything_in_between()
    {
        _cluster.User.Put(Shop.Intents());
        await using var running = await Shop.StartAsync(_cluster, new RunningOptions { Client = _client });
        await running.SettleAsync();
        await running.StopLeadingAsync();
        var before = _client.Writes.Count;
        await using (var other = await Shop.StartAsync(_cluster))
        {
            _cluster.User.Delete<PartialDeployment>(Shop.Namespace, "cart");
            await other.SettleAsync();
        }

        await running.LeadAsync();
        await running.SettleAsync();

        _client.Writes.Skip(before).ShouldBeEmpty();
        _cluster.Declared().Condition()!.Status.ShouldBe("False");
    }

    [Fact]
    public async Task Does_not_report_writes_of_another_leader_in_between_as_drift()
    {
        var events = new KeptEvents();
        _cluster.User.Put(Shop.Intents());
        await using var running = await Shop.StartAsync(_cluster, new RunningOptions { Client = _client, Recorder = events });
        await running.SettleAsync();
        await running.StopLeadingAsync();
        await using (var other = await Shop.StartAsync(_cluster))
        {
            _cluster.User.Put(Shop.Workload("search"));
            _cluster.User.Put(Shop.Intents("search"));
            await other.SettleAsync();
        }

        _cluster.User.Delete<ClientIntents>(Shop.Namespace, "search");
        await running.LeadAsync();
        await running.SettleAsync();

        events.All.ShouldBeEmpty();
        _cluster.Policy()!.Spec!.Ingress!.Count.ShouldBe(2, "one rule for its own Pods and one for the remaining client");
    }

    [Fact]
    public async Task Clears_the_health_of_members_and_the_name_conflicts()
    {
        await using var running = await Shop.StartAsync(_cluster, new RunningOptions { Leads = false });
        T Get<T>()
            where T : class => running.Services.Part<T>();
        _cluster.User.Put(new Cluster { Metadata = new V1ObjectMeta { Name = "east" } });
        Get<MemberClusterManager>().Report(new SelectedCluster("east", Results: null, TargetResult.Failed(Reasons.Unauthorized, ""))).ShouldBeTrue();
        Get<NameConflicts>().Add(new("shop", Shop.CartPolicy), new PolicyKey(SubjectType.Workload, "shop", "cart"));

        Get<LeaderTermState>().Clear();

        Get<ClusterSelectionResolver>().Resolve(new ClusterSelection { Names = ["east", ClusterSelectionMatcher.Local] }).Select(cluster => cluster.Unavailable?.Reason)
            .ShouldNotContain(Reasons.Unauthorized);
        Get<NameConflicts>().TryRemove(new("shop", Shop.CartPolicy)).ShouldBeNull();
    }
}
