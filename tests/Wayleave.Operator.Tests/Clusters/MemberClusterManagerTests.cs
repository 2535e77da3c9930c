using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Clusters;

/// <summary>Which Clusters get a member, when, and which declarations the member gets. No member is started.</summary>
public sealed class MemberClusterManagerTests : IAsyncLifetime, IDisposable
{
    private const string East = "east";
    private const string Twin = "twin";
    private const string Uid = "uid-of-east";

    private static readonly string _identity = Installation.ComputeClusterIdentity(Uid);

    private readonly FakeCluster _hub = Shop.Cluster();
    private readonly FakeMembers _members = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<string> _closed = [];
    private RunningOperator _running = null!;
    private Task _managing = Task.CompletedTask;

    private MemberClusterManager Manager => _running.Services.Part<MemberClusterManager>();

    private ManualTimeProvider Clock => (ManualTimeProvider)_running.Services.GetService(typeof(TimeProvider))!;

    public async Task InitializeAsync()
    {
        _running = await Shop.StartAsync(_hub, new RunningOptions { Members = _members.Wrap, Leads = false });
        _managing = Manager.RunAsync(_stopping.Token, _stopping.Token);
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        await _running.DisposeAsync();
    }

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task Adds_a_member_only_for_the_older_of_two_Clusters_that_lead_to_one_cluster()
    {
        await RegisterAsync(Twin, East);

        Add(Twin).ShouldBe(new AddMemberResult(IsAdded: true, FindOlderDuplicate: null, Evicted: null));
        Manager.MarkChecked(Twin, _identity);
        var refused = Add(East);

        refused.ShouldBe(new AddMemberResult(IsAdded: false, Twin, Evicted: null));
        Manager.Find(East).ShouldBeNull();
        Manager.Find(Twin).ShouldNotBeNull();
    }

    [Fact]
    public async Task Evicts_the_member_of_the_younger_Cluster_when_the_older_connects()
    {
        await RegisterAsync(Twin, East);
        Add(East).IsAdded.ShouldBeTrue();
        var younger = Manager.Find(East);

        var added = Add(Twin);

        (added.IsAdded, added.Evicted).ShouldBe((true, younger));
        Manager.Find(East).ShouldBeNull();
        await younger!.DisposeAsync();
    }

    [Fact]
    public async Task Adds_members_for_Clusters_that_lead_to_different_clusters()
    {
        await RegisterAsync(Twin, East);

        Add(Twin, "uid-of-another").IsAdded.ShouldBeTrue();
        Manager.MarkChecked(Twin, Installation.ComputeClusterIdentity("uid-of-another"));

        Add(East).ShouldBe(new AddMemberResult(IsAdded: true, FindOlderDuplicate: null, Evicted: null));
        Manager.Find(Twin).ShouldNotBeNull();
    }

    [Fact]
    public async Task Finds_the_older_twin_by_the_status_that_an_earlier_process_wrote()
    {
        await RegisterAsync(Twin, East);
        await WriteStatusAsync(Twin, new ClusterStatus { Identity = _identity });

        Manager.FindOlderDuplicate(Find(East), _identity).ShouldBe(Twin);
        Manager.FindOlderDuplicate(Find(Twin), _identity).ShouldBeNull("it is the oldest");
        Manager.HasDuplicate(Find(Twin), _identity).ShouldBeFalse("the identity of the younger one is not known");
        Manager.HasDuplicate(Find(East), _identity).ShouldBeTrue();
    }

    [Fact]
    public async Task Does_not_treat_a_paused_Cluster_as_a_twin()
    {
        await RegisterAsync(Twin, East);
        await WriteStatusAsync(Twin, new ClusterStatus { Identity = _identity });
        await EditAsync(Twin, cluster => cluster.Spec.Paused = true);

        Manager.FindOlderDuplicate(Find(East), _identity).ShouldBeNull();
        Add(East).IsAdded.ShouldBeTrue();
    }

    [Fact]
    public async Task Waits_at_most_ten_seconds_for_an_older_Cluster_of_unknown_identity()
    {
        await RegisterAsync(Twin, East);

        Manager.ShouldWaitForOlder(Find(East)).ShouldBeTrue();
        Clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Manager.ShouldWaitForOlder(Find(East)).ShouldBeTrue();

        Clock.Advance(TimeSpan.FromTicks(1));
        Manager.ShouldWaitForOlder(Find(East)).ShouldBeFalse();
    }

    [Fact]
    public async Task Stops_waiting_for_an_older_Cluster_whose_check_found_no_identity()
    {
        await RegisterAsync(Twin, East);
        await WriteStatusAsync(East, new ClusterStatus());
        Manager.ShouldWaitForOlder(Find(East)).ShouldBeTrue();

        Manager.MarkChecked(Twin, identity: null);

        Manager.ShouldWaitForOlder(Find(East)).ShouldBeFalse();
    }

    [Fact]
    public async Task Never_waits_for_a_younger_Cluster()
    {
        await RegisterAsync(Twin, East);
        await WriteStatusAsync(Twin, new ClusterStatus());

        Manager.ShouldWaitForOlder(Find(Twin)).ShouldBeFalse();
    }

    [Fact]
    public async Task Does_not_wait_for_a_Cluster_that_is_paused_or_being_deleted()
    {
        await RegisterAsync(Twin, "leaving", East);
        await WriteStatusAsync(East, new ClusterStatus());
        await EditAsync(Twin, cluster => cluster.Spec.Paused = true);
        Manager.ShouldWaitForOlder(Find(East)).ShouldBeTrue("the other older Cluster is not paused");

        await EditAsync("leaving", cluster => cluster.Metadata.Finalizers = [WayleaveLabels.Cleanup]);
        _hub.User.Delete<Cluster>(null, "leaving");
        await _running.WaitForCachesAsync();

        Manager.ShouldWaitForOlder(Find(East)).ShouldBeFalse();
    }

    [Fact]
    public async Task Makes_a_new_Cluster_wait_for_a_second_even_if_it_is_the_only_one()
    {
        await RegisterAsync(East);

        Manager.ShouldWaitForOlder(Find(East)).ShouldBeTrue("an older one may have been created in the same second");
        Clock.Advance(TimeSpan.FromSeconds(1));
        Manager.ShouldWaitForOlder(Find(East)).ShouldBeFalse();
    }

    [Fact]
    public async Task Passes_to_a_member_only_the_declarations_that_select_it_by_name_or_label()
    {
        await RegisterAsync(East);
        await EditAsync(East, cluster => cluster.Metadata.Labels = Labels("tier", "prod"));
        Declare("by-name", new ClusterSelection { Names = [East] });
        Declare("by-label", new ClusterSelection { Selector = new V1LabelSelector { MatchLabels = Labels("tier", "prod") } });
        Declare("another", new ClusterSelection { Names = ["west"] });
        Declare("local", clusters: null);
        await _running.WaitForCachesAsync();

        Add(East);

        var member = Manager.Find(East)!;
        Names(member.Intents.Store).ShouldBe(["by-label", "by-name"]);
        Names(member.Protections.Store).ShouldBe(["by-label", "by-name"]);
    }

    [Fact]
    public async Task Passes_on_declarations_that_are_added_edited_and_deleted_later()
    {
        await RegisterAsync(East);
        Add(East);
        var member = Manager.Find(East)!;

        Declare("late", new ClusterSelection { Names = [East] });
        Declare("another", new ClusterSelection { Names = ["west"] });
        await _running.WaitForCachesAsync();
        Names(member.Intents.Store).ShouldBe(["late"]);
        Names(member.Protections.Store).ShouldBe(["late"]);

        Declare("late", new ClusterSelection { Names = ["west"] });
        Declare("another", new ClusterSelection { Names = [East] });
        await _running.WaitForCachesAsync();
        Names(member.Intents.Store).ShouldBe(["another"]);
        Names(member.Protections.Store).ShouldBe(["another"]);

        _hub.User.Delete<ClientIntents>(Shop.Namespace, "another");
        _hub.User.Delete<ProtectedService>(Shop.Namespace, "another");
        await _running.WaitForCachesAsync();
        Names(member.Intents.Store).ShouldBe([]);
        Names(member.Protections.Store).ShouldBe([]);
    }

    [Fact]
    public async Task Passes_every_EnforcementPolicy_to_every_member()
    {
        await RegisterAsync(East);
        _hub.User.Put(new EnforcementPolicy { Metadata = new V1ObjectMeta { Name = "early" }, Spec = new EnforcementPolicySpec { Mode = EnforcementModeNames.Shadow } });
        await _running.WaitForCachesAsync();
        Add(East);

        _hub.User.Put(new EnforcementPolicy { Metadata = new V1ObjectMeta { Name = "late" }, Spec = new EnforcementPolicySpec { Mode = EnforcementModeNames.Shadow } });
        await _running.WaitForCachesAsync();

        Names(Manager.Find(East)!.Enforcements.Store).ShouldBe(["early", "late"]);
    }

    [Fact]
    public async Task Fills_a_member_again_when_the_labels_of_its_Cluster_change()
    {
        await RegisterAsync(East);
        await EditAsync(East, cluster => cluster.Metadata.Labels = Labels("tier", "test"));
        Declare("test", new ClusterSelection { Selector = new V1LabelSelector { MatchLabels = Labels("tier", "test") } });
        Declare("prod", new ClusterSelection { Selector = new V1LabelSelector { MatchLabels = Labels("tier", "prod") } });
        await _running.WaitForCachesAsync();
        Add(East);
        Names(Manager.Find(East)!.Intents.Store).ShouldBe(["test"]);

        await EditAsync(East, cluster => cluster.Metadata.Labels = Labels("tier", "prod"));

        Names(Manager.Find(East)!.Intents.Store).ShouldBe(["prod"]);
        Names(Manager.Find(East)!.Protections.Store).ShouldBe(["prod"]);
    }

    [Fact]
    public async Task Adds_no_member_while_this_process_does_not_lead()
    {
        await RegisterAsync(East);
        await StopAsync();

        Add(East).ShouldBe(new AddMemberResult(IsAdded: false, FindOlderDuplicate: null, Evicted: null));

        Manager.Find(East).ShouldBeNull();
    }

    [Fact]
    public async Task Stops_all_members_and_forgets_their_states_when_it_stops()
    {
        await RegisterAsync(Twin, East);
        Add(Twin, "uid-of-another");
        Add(East);
        Manager.CountFailure(East);

        await StopAsync();

        _closed.ShouldBe([East, Twin], ignoreOrder: true);
        Manager.Find(East).ShouldBeNull();
        Manager.CountFailure(East).ShouldBe(1);
    }

    [Fact]
    public async Task Closes_the_connection_of_the_one_member_that_is_stopped()
    {
        await RegisterAsync(Twin, East);
        Add(Twin, "uid-of-another");
        Add(East);

        await Manager.StopAsync(East);
        await Manager.StopAsync("no-such-cluster");

        _closed.ShouldBe([East]);
        Manager.Find(East).ShouldBeNull();
        Manager.Find(Twin).ShouldNotBeNull();
    }

    [Fact]
    public void Report_returns_whether_the_health_of_a_Cluster_changed()
    {
        var health = new SelectedCluster(East, Results: null, Wayleave.Enforcement.TargetResult.Pending(Reasons.Unreachable, "it does not answer"));

        Manager.Report(health).ShouldBeTrue();
        Manager.Report(health with { }).ShouldBeFalse();
        Manager.Report(health with { Unavailable = null }).ShouldBeTrue();
        Manager.FindHealth(East)!.Unavailable.ShouldBeNull();
    }

    [Fact]
    public void Counts_failures_and_unsynced_checks_until_each_is_reset()
    {
        (Manager.CountFailure(East), Manager.CountFailure(East), Manager.CountFailure(Twin)).ShouldBe((1, 2, 1));
        (Manager.CountUnsynced(East), Manager.CountUnsynced(East)).ShouldBe((1, 2));

        Manager.ResetFailures(East);
        Manager.ResetUnsynced(East);

        (Manager.CountFailure(East), Manager.CountUnsynced(East)).ShouldBe((1, 1));
    }

    private async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _managing;
    }

    // Registers the oldest first. Creates other objects in between, because Clusters with equal creation times are ordered by name.
    private async Task RegisterAsync(params string[] names)
    {
        foreach (var name in names)
        {
            FakeMembers.Register(_hub, name, name);
            for (var i = 0; i < 8; i++)
            {
                _hub.User.Put(Shop.Workload($"{name}-{i}"));
            }
        }

        await _running.WaitForCachesAsync();
    }

    private Cluster Find(string name) => _running.Services.Part<DeclarationCache>().Clusters.Store.Get(new NamespacedName("", name))!;

    private AddMemberResult Add(string name, string uid = Uid)
    {
        var member = _running.Services.Part<MemberFactory>().Create(
            name, uid, new ClusterCredentials(NowhereSource.Create(), "digest", "version"), new MemberConnection(new Connection(() => _closed.Add(name)), new FakeCluster(ApiClients.Registry, WayleaveLabels.FieldManager)));
        return Manager.Add(member, Find(name), Installation.ComputeClusterIdentity(uid));
    }

    private async Task EditAsync(string name, Action<Cluster> edit)
    {
        _hub.User.Edit(null, name, edit);
        await _running.WaitForCachesAsync();
    }

    private async Task WriteStatusAsync(string name, ClusterStatus status)
    {
        _hub.User.PutStatus<Cluster, ClusterStatus>(null, name, status);
        await _running.WaitForCachesAsync();
    }

    private void Declare(string name, ClusterSelection? clusters)
    {
        _hub.User.Put(Shop.Intents(name, clusters));
        _hub.User.Put(new ProtectedService
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = Shop.Namespace },
            Spec = new ProtectedServiceSpec { Workload = new WorkloadRef { Name = "cart" }, Clusters = clusters },
        });
    }

    private static IEnumerable<string> Names<TEntity>(IStore<TEntity> store)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => store.List().Select(entity => entity.Metadata.Name!).Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Labels(string key, string value) => new(StringComparer.Ordinal) { [key] = value };

    private sealed class Connection(Action closed) : IDisposable
    {
        public void Dispose() => closed();
    }
}
