using System.Reflection;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Governance;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Events;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.EventHandlers;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Telemetry;
using Wayleave.Operator.Tests.Domains;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Telemetry.Settings;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Hosting;

/// <summary>The handlers and queues of the whole operator. Informers run; controllers do not.</summary>
public sealed class ControllerManagerTests : IAsyncDisposable
{
    private readonly FakeCluster _cluster = Shop.Cluster();
    private readonly CancellationTokenSource _reading = new();
    private readonly List<string> _calls = [];
    private readonly ServiceProvider _services;
    private IReadOnlyList<IInformer> _informers = [];
    private Task _informing = Task.CompletedTask;

    public ControllerManagerTests() => _services = Compose(watched: null);

    private PolicyQueues Policies => _services.Part<PolicyQueues>();

    private StatusQueues Statuses => _services.Part<StatusQueues>();

    private DeclarationCache Declarations => _services.Part<DeclarationCache>();

    public async ValueTask DisposeAsync()
    {
        await _reading.CancelAsync();
        await _informing;
        await _services.DisposeAsync();
        _reading.Dispose();
    }

    [Fact]
    public void Attaches_each_handler_once()
    {
        Manager(new FakeKind(_calls), Telemetry(() => { })).AttachHandlers();

        _calls.ShouldBe(["telemetry", "attach"]);
    }

    [Fact]
    public async Task Attaches_the_handlers_in_the_order_telemetry_cluster_members_statuses_kinds()
    {
        _cluster.User.Put(Shop.Intents());
        var member = AddMember();
        var seen = new List<(string Handler, int Policies, int Statuses, int Members)>();
        void See(string handler) => seen.Add((handler, Policies.Policies.Count, Statuses.Enforcements.Count, member.Enforcements.Store.Count));
        _services.Part<NamespaceSettingsCache>().AddHandler(name => SeeFor(Shop.Namespace, name, () => See("cluster")));
        member.Enforcements.AddHandler((_, _) => See("members"));
        var kind = new FakeKind(_calls) { Attached = () => Declarations.Enforcements.AddHandler((_, _) => See("kinds")) };

        Manager(kind, Telemetry(() => Declarations.Enforcements.AddHandler((_, _) => See("telemetry")))).AttachHandlers();
        await ReadAsync();
        seen.Clear();
        await EmptyQueueAsync();
        _cluster.User.Put(Policy());
        await WaitForCachesAsync();

        // Per handler: keys in the policy queue, keys in the EnforcementPolicy queue, EnforcementPolicies in the member's cache.
        seen.ShouldBe([("telemetry", 0, 0, 0), ("cluster", 0, 0, 0), ("members", 2, 0, 1), ("kinds", 2, 1, 1)]);
    }

    [Fact]
    public async Task Attaches_the_handlers_of_Clusters_before_those_of_kinds()
    {
        var enqueued = new List<int>();
        var kind = new FakeKind(_calls) { Attached = () => Declarations.Clusters.AddHandler((_, _) => enqueued.Add(Statuses.Intents.Count)) };
        _cluster.User.Put(Shop.Intents(clusters: new ClusterSelection { Names = ["east"] }));
        Manager(kind, []).AttachHandlers();
        await ReadAsync();

        _cluster.User.Put(new Cluster { Metadata = new V1ObjectMeta { Name = "east" } });
        await WaitForCachesAsync();

        enqueued.ShouldBe([1], "the ClientIntents that select the Cluster");
    }

    [Fact]
    public void Runs_the_members_the_kinds_and_the_controllers_of_the_cluster() =>
        Manager(new FakeKind(_calls), []).Controllers.Select(controller => controller.Name).ShouldBe(["members", "things", "policies", "domains"]);

    [Fact]
    public void Has_a_controller_for_each_kind_with_a_status()
    {
        var controllers = _services.Part<ControllerManager>().Controllers.Select(controller => controller.Name).ToList();

        controllers[1..^2].ShouldBe(
            typeof(ClientIntents).Assembly.GetTypes()
                .Where(type => type.GetProperty(nameof(ClientIntents.Status)) is not null)
                .Select(type => type.GetCustomAttribute<KubernetesEntityAttribute>()?.PluralName)
                .OfType<string>(),
            ignoreOrder: true);
        controllers[1..^2].ShouldBe(KindTable.Rows.Select(row => row.PluralName), "in the order of the table");
        string[] others = [controllers[0], .. controllers[^2..]];
        others.ShouldBe(["members", "policies", "domains"]);
    }

    [Fact]
    public async Task Has_no_controller_for_EnforcementPolicies_with_a_single_watched_namespace()
    {
        await using var services = Compose(Shop.Namespace);

        services.Part<ControllerManager>().Controllers.Select(controller => controller.Name).ShouldNotContain("enforcementpolicies");
    }

    [Fact]
    public async Task Enqueues_everything_that_the_caches_hold_when_the_queues_are_resumed()
    {
        _cluster.User.Put(Shop.Intents());
        _cluster.User.Put(Policy());
        var manager = _services.Part<ControllerManager>();
        manager.AttachHandlers();
        manager.PauseQueues();
        await ReadAsync();
        (Policies.Policies.Count, Statuses.Intents.Count, Statuses.Enforcements.Count).ShouldBe((0, 0, 0));

        manager.ResumeQueues();

        (Policies.Policies.Count, Statuses.Intents.Count, Statuses.Enforcements.Count).ShouldBe((2, 1, 1));
    }

    [Fact]
    public async Task Ignores_changes_while_the_queues_are_paused()
    {
        var manager = _services.Part<ControllerManager>();
        manager.AttachHandlers();
        await ReadAsync();
        manager.PauseQueues();

        _cluster.User.Put(Shop.Intents());
        _cluster.User.Put(Policy());
        await WaitForCachesAsync();

        (Policies.Policies.Count, Statuses.Intents.Count, Statuses.Enforcements.Count).ShouldBe((0, 0, 0));
    }

    private ControllerManager Manager(FakeKind kind, IEnumerable<CountedObjectSource> telemetry) => new(
        _services.Part<ClusterComponents>(), _services.Part<MemberClusterManager>(), _services.Part<StatusEventHandler>(), [kind], telemetry);

    // Runs the action when the manager attaches the sources of telemetry.
    private IEnumerable<CountedObjectSource> Telemetry(Action attached)
    {
        _calls.Add("telemetry");
        attached();
        yield break;
    }

    private static void SeeFor(string @namespace, string name, Action see)
    {
        if (name == @namespace)
        {
            see();
        }
    }

    private MemberCluster AddMember()
    {
        var manager = _services.Part<MemberClusterManager>();
        _informing = manager.RunAsync(_reading.Token, _reading.Token);
        var member = _services.Part<MemberFactory>().Create(
            "east", "uid-of-east", new ClusterCredentials(NowhereSource.Create(), "digest", "version"), new MemberConnection(new HttpClient(), _cluster));
        manager.Add(member, new Cluster { Metadata = new V1ObjectMeta { Name = "east" } }, identity: null).IsAdded.ShouldBeTrue();
        return member;
    }

    private async Task ReadAsync()
    {
        var served = await ApiCapabilities.ReadAsync(_cluster, CancellationToken.None) with { ServesClusters = true };
        _services.Part<Installation>().SetClusterUid("uid-of-the-cluster");
        _informers = [.. Declarations.Informers(served), .. _services.Part<ClusterCache>().Informers(served)];
        _informing = Task.WhenAll([_informing, .. _informers.Select(informer => Task.Run(() => informer.RunAsync(_reading.Token)))]);
        await Task.WhenAll(_informers.Select(informer => informer.WaitForSyncAsync(CancellationToken.None))).WaitAsync(Poll.Patience);
        await WaitForCachesAsync();
    }

    private Task WaitForCachesAsync() => DomainStage.UntilAsync(() => _informers.All(informer => RunningOperator.IsHeard(_cluster, informer)));

    private async Task EmptyQueueAsync()
    {
        while (Policies.Policies.Count > 0)
        {
            Policies.Policies.Done(await Policies.Policies.GetAsync(CancellationToken.None));
        }
    }

    private static EnforcementPolicy Policy() => new()
    {
        Metadata = new V1ObjectMeta { Name = "shop" },
        Spec = new EnforcementPolicySpec
        {
            Mode = EnforcementModeNames.Shadow,
            NamespaceSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { [WayleaveLabels.NamespaceName] = Shop.Namespace } },
        },
    };

    private ServiceProvider Compose(string? watched) => new ServiceCollection()
        .AddLogging()
        .AddOperator(
            new OperatorOptions
            {
                Namespace = "wayleave-system",
                Instance = "test",
                WatchNamespace = watched,
                Governance = new EnforcementDefaults(EnforcementMode.Enforce, "wayleave-system", RestrictsEgress: false),
                Network = NetworkSettings.None,
                Workers = 1,
                AreClustersEnabled = watched is null,
                Telemetry = TelemetrySettings.Default with { Enabled = false },
            },
            NowhereSource.Create())
        .AddSingleton<MemberFactory>()
        .AddSingleton<IKubernetesClient>(_cluster)
        .AddSingleton<IEventRecorder, SilentRecorder>()
        .AddSingleton<TimeProvider>(new ManualTimeProvider())
        .BuildServiceProvider();
}
