using System.Net;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Governance;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Events;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Domains;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Telemetry.Settings;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Domains;

/// <summary>
/// The operator with the services of the program, over an API server in memory and a resolver that a test controls. Its caches watch the
/// API server. Its reconcilers run only when a test calls them.
/// </summary>
internal sealed class DomainStage : IAsyncDisposable
{
    public const string Shop = "shop";

    private readonly CancellationTokenSource _reading = new();
    private readonly bool _readsObserved;
    private ServiceProvider _services;
    private IReadOnlyList<IInformer> _informers = [];
    private Task _work = Task.CompletedTask;

    private DomainStage(bool readsObserved)
    {
        _readsObserved = readsObserved;
        _services = Compose();
    }

    public FakeCluster Cluster { get; } = new(ApiClients.Registry, WayleaveLabels.FieldManager);

    public ScriptedResolver Resolver { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    /// <summary>Whether the API server serves the map of the network mapper.</summary>
    public bool ServesObserved { get; set; } = true;

    public static PolicyKey Client { get; } = new(SubjectType.Client, Shop, "checkout");

    public IServiceProvider Services => _services;

    public T Get<T>()
        where T : class => _services.Part<T>();

    /// <summary>Starts an operator on a cluster with a namespace and two workloads, and waits until its caches have synced.</summary>
    /// <param name="readsObserved">Whether the operator reads the map of the network mapper.</param>
    public static async Task<DomainStage> StartAsync(bool readsObserved = false)
    {
        var stage = new DomainStage(readsObserved);
        stage.Cluster.User.Put(
            new V1Namespace { Metadata = new V1ObjectMeta { Name = Shop, Labels = new Dictionary<string, string>() { [WayleaveLabels.NamespaceName] = Shop } } });
        foreach (var name in new[] { "checkout", "cart" })
        {
            stage.Cluster.User.Put(new PartialDeployment
            {
                Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = Shop },
                Spec = new PartialWorkloadSpec { Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string>() { ["app"] = name } } },
            });
        }

        await stage.ReadAsync();
        return stage;
    }

    /// <summary>Replaces the operator with a new one, which knows only what the cluster holds.</summary>
    public async Task RestartAsync()
    {
        await _services.DisposeAsync();
        _services = Compose();
        await ReadAsync();
    }

    /// <summary>Declares the client's targets, and waits until the operator's caches have them.</summary>
    public async Task DeclareAsync(params IntentTarget[] targets) => await DeclareAsync("checkout", targets);

    /// <inheritdoc cref="DeclareAsync(IntentTarget[])"/>
    public async Task DeclareAsync(string client, IntentTarget[] targets)
    {
        Cluster.User.Put(new ClientIntents
        {
            Metadata = new V1ObjectMeta { Name = client, NamespaceProperty = Shop },
            Spec = new ClientIntentsSpec { Workload = new WorkloadRef { Name = client }, Targets = [.. targets] },
        });
        await WaitForCachesAsync();
    }

    public static IntentTarget Internet(params string[] domains) => new() { Internet = new InternetTarget { Domains = [.. domains] } };

    public static IntentTarget Ips(params string[] ips) => new() { Internet = new InternetTarget { Ips = [.. ips] } };

    /// <summary>Waits until the operator's caches hold what the cluster holds.</summary>
    public Task WaitForCachesAsync() => UntilAsync(() => _informers.All(informer => RunningOperator.IsHeard(Cluster, informer)));

    /// <summary>Reconciles the policies of the client and of cart, and then the statuses of all ClientIntents.</summary>
    public async Task<ReconciliationResult> DecideAsync()
    {
        await Get<PolicyReconciler>().ReconcileAsync(new PolicyKey(SubjectType.Workload, Shop, "cart"), CancellationToken.None);
        var result = await Get<PolicyReconciler>().ReconcileAsync(Client, CancellationToken.None);
        foreach (var intents in Get<ClusterCache>().Intents.Store.List())
        {
            await Get<IntentsReconciler>().ReconcileAsync(intents, CancellationToken.None);
        }

        await WaitForCachesAsync();
        return result;
    }

    /// <summary>Reconciles a name until its lookup has ended and the result is stored.</summary>
    public async Task<ReconciliationResult> LookUpAsync(string domain)
    {
        var result = ReconciliationResult.NoRequeue;
        await UntilAsync(() => (result = ReconcileAsync(domain).GetAwaiter().GetResult()) != ReconciliationResult.NoRequeue);
        return result;
    }

    /// <summary>Reconciles a name once.</summary>
    public Task<ReconciliationResult> ReconcileAsync(string domain) =>
        Get<DomainReconciler>().ReconcileAsync(new DomainName(domain), CancellationToken.None);

    /// <summary>The ranges and servers that the client's policy allows, except its own Pods. Null if it has no policy.</summary>
    public List<string>? Open() =>
        Cluster.List<V1NetworkPolicy>()
            .SingleOrDefault(policy => policy.Metadata.Name == "wayleave-deployment-checkout-egress")?.Spec!.Egress!
        .SelectMany(rule => rule.To ?? [])
        .Select(peer => peer.IpBlock?.Cidr ?? peer.PodSelector!.MatchLabels!["app"])
        .Where(open => open != Client.Name)
        .ToList();

    /// <summary>State and reason of each target in the status.</summary>
    public List<string> Targets() =>
        (Cluster.List<ClientIntents>().Single().Status?.Targets ?? []).ConvertAll(target => $"{target.State} {target.Reason}");

    public static IPAddress[] Addresses(params string[] addresses) => Array.ConvertAll(addresses, IPAddress.Parse);

    public async ValueTask DisposeAsync()
    {
        await _reading.CancelAsync();
        await _work;
        await _services.DisposeAsync();
        _reading.Dispose();
    }

    internal static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Poll.Patience);
        while (!condition())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    private ServiceProvider Compose() => new ServiceCollection()
        .AddLogging()
        .AddOperator(
            new OperatorOptions
            {
                Namespace = "wayleave-system",
                Instance = "test",
                Governance = new EnforcementDefaults(EnforcementMode.Enforce, "wayleave-system", RestrictsEgress: true),
                Network = NetworkSettings.None,
                Workers = 1,
                ReadsObservedIntents = _readsObserved,
                Telemetry = TelemetrySettings.Default with { Enabled = false },
                Events = RunningOperator.NoEventFiles,
            },
            NowhereSource.Create())
        .AddSingleton<IKubernetesClient>(Cluster)
        .AddSingleton<IEventRecorder, SilentRecorder>()
        .AddSingleton<IDomainResolver>(Resolver)
        .AddSingleton<TimeProvider>(Time)
        .BuildServiceProvider();

    private async Task ReadAsync()
    {
        Get<Installation>().SetClusterUid("uid-of-the-cluster");
        Get<ControllerManager>().AttachHandlers();
        var served = new ApiCapabilities(ServesCronJobs: true, ServesEndpointSlices: true)
        {
            ServesServiceCidrs = true,
            ServesObservedIntents = ServesObserved,
        };
        _informers = [.. Get<DeclarationCache>().Informers(served), .. Get<ClusterCache>().Informers(served)];
        _work = Task.WhenAll([_work, .. _informers.Select(informer => Task.Run(() => informer.RunAsync(_reading.Token)))]);
        await Task.WhenAll(_informers.Select(informer => informer.WaitForSyncAsync(CancellationToken.None))).WaitAsync(Poll.Patience);
    }
}

/// <summary>Returns the answers of a test. By default, no name exists.</summary>
internal sealed class ScriptedResolver : IDomainResolver
{
    private int _running;

    public Func<string, Task<DomainLookupResult>> Answer { get; set; } = _ => Task.FromResult(Found());

    /// <summary>Whether exactly this many lookups are running.</summary>
    public bool IsRunning(int count) => Volatile.Read(ref _running) == count;

    /// <summary>An answer with a time to live of 30 seconds.</summary>
    public static DomainLookupResult Found(params string[] addresses) => new(DomainStage.Addresses(addresses), TimeSpan.FromSeconds(30));

    public async Task<DomainLookupResult> ResolveAsync(string domain, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _running);
        try
        {
            return await Answer(domain).WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
