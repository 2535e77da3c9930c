using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Api;
using Wayleave.Cli.Access;
using Wayleave.Enforcement.Connectivity;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Domains;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Observing;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Cli.Planning;

/// <summary>The operator's caches of a cluster, filled once, and the readers that gather the inputs of its decisions from them.</summary>
internal sealed class ClusterSnapshot : IDisposable
{
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(2);
    private readonly NoopMeterFactory _meters = new();
    private readonly PolicyQueues _queues;
    private readonly IReadOnlyList<IInformer> _informers;

    private ClusterSnapshot(
        IKubernetesClient client, OperatorOptions options, string clusterUid, ApiCapabilities served, bool mayReadMap)
    {
        var time = TimeProvider.System;
        var metrics = new KubernetesMetrics(_meters);
        var factory = new InformerFactory(client, ApiClients.Registry, metrics, time, NullLoggerFactory.Instance)
        {
            OnlyNamespace = options.WatchNamespace,
        };
        var installation = new Installation(options);
        installation.SetClusterUid(clusterUid);
        Declarations = new DeclarationCache(factory, options);
        Cache = new ClusterCache(
            factory, installation, options.Network, Declarations.Intents, Declarations.Protections, Declarations.Enforcements);
        Settings = new NamespaceSettingsCache(Cache, options.Governance);
        Settings.Attach();
        _queues = new PolicyQueues(metrics, time);
        Servers = new ServerInputsReader(Cache, Settings);
        Observed = new ObservedCallReader(Declarations, Cache);
        Clients = new ClientInputsReader(Cache, Settings, new DomainCache(_queues, time), new ObservedAnswerCache(Observed, time));
        Waits = new DomainWaitTracker(Cache, time);
        IInformer[] informers = [.. Declarations.Informers(served with { ServesClusters = false }), .. Cache.Informers(served)];
        _informers = mayReadMap ? informers : [.. informers.Where(informer => informer != Declarations.Observed)];
    }

    public DeclarationCache Declarations { get; }

    public ClusterCache Cache { get; }

    public NamespaceSettingsCache Settings { get; }

    public ServerInputsReader Servers { get; }

    public ClientInputsReader Clients { get; }

    public DomainWaitTracker Waits { get; }

    /// <summary>The map of the network mapper, if the operator reads it.</summary>
    public ObservedCallReader Observed { get; }

    /// <param name="changes">Declarations that replace those of the cluster.</param>
    /// <exception cref="ForbiddenException">Something that the decisions depend on may not be read.</exception>
    public static async Task<ClusterSnapshot> ReadAsync(
        IKubernetesClient client, OperatorOptions options, ManifestOverlay changes, CancellationToken cancellationToken)
    {
        var reader = new ReadOnceClient(client, options.WatchNamespace, changes);
        var system = await reader.GetAsync<V1Namespace>("kube-system", null, cancellationToken);
        var served = await ApiCapabilities.ReadAsync(client, cancellationToken) with
        {
            ServesObservedIntents = options.ReadsObservedIntents && await client.IsServedAsync<ObservedIntents>(cancellationToken),
        };
        var mayReadMap = served.ServesObservedIntents && await MayReadMapAsync(client, options.WatchNamespace, cancellationToken);
        var snapshot = new ClusterSnapshot(reader, options, system?.Metadata.Uid ?? "", served, mayReadMap);
        try
        {
            if (!await snapshot.Declarations.AreCrdsServedAsync(cancellationToken))
            {
                throw new CliException("the CRDs of Wayleave are not installed in this cluster; see docs/install.md");
            }

            await snapshot.FillAsync(reader, cancellationToken);
            return reader.Forbidden.Count == 0 ? snapshot : throw new ForbiddenException(reader.Forbidden);
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }

    /// <summary>Evaluates the NetworkPolicies of this cluster, or others in their place.</summary>
    public ReachabilityEvaluator CreateEvaluator(IEnumerable<V1NetworkPolicy> policies) => new(
        Cache.Namespaces.Store.List()
            .ToDictionary(one => one.Metadata.Name!, one => (IDictionary<string, string>?)one.Metadata.Labels, StringComparer.Ordinal),
        policies);

    public void Dispose()
    {
        _queues.Dispose();
        _meters.Dispose();
    }

    // Without the map, the addresses in force stand for those that it has.
    private static async Task<bool> MayReadMapAsync(IKubernetesClient client, string? @namespace, CancellationToken cancellationToken)
    {
        try
        {
            await client.ListAsync<ObservedIntents>(
                new ListOptions { Namespace = @namespace, Limit = 1, MetadataOnly = true }, static _ => { }, cancellationToken);
            return true;
        }
        catch (KubernetesException error) when (error.IsForbidden)
        {
            return false;
        }
    }

    private async Task FillAsync(ReadOnceClient reader, CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = Task.WhenAll(_informers.Select(informer => Task.Run(() => informer.RunAsync(reading.Token), cancellationToken)));
        try
        {
            await await Task.WhenAny(WaitForSyncAsync(reading.Token), reader.Failed);
        }
        finally
        {
            // The stores stay readable.
            await reading.CancelAsync();
            await running;
        }
    }

    // What is optional is started by what was read, for example the kinds of the Gateway API by their CRDs.
    private async Task WaitForSyncAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_informers.Where(informer => informer is not IOptionalInformer)
            .Select(informer => informer.WaitForSyncAsync(cancellationToken)));
        while (!_informers.OfType<IOptionalInformer>().All(informer => informer.IsUpToDate)
            || (Cache.Exposure.IsEnabled && !Cache.IsExposureKnown))
        {
            await Task.Delay(_pollInterval, cancellationToken);
        }
    }
}
