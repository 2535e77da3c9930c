using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Cli.Access;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Domains;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Cli.Planning;

/// <summary>The operator's caches of a cluster, filled once, and the readers that gather the inputs of its decisions from them.</summary>
internal sealed class ClusterSnapshot : IDisposable
{
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(2);
    private readonly UnreadMeters _meters = new();
    private readonly PolicyQueues _queues;
    private readonly IReadOnlyList<IInformer> _informers;

    private ClusterSnapshot(IKubernetesClient client, OperatorOptions options, string clusterUid, ApiCapabilities served)
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
        Clients = new ClientInputsReader(
            Cache, Settings, new DomainCache(_queues, time), new ObservedAnswerCache(new ObservedCallReader(Declarations, Cache), time));
        Waits = new DomainWaitTracker(Cache, time);
        _informers = [.. Declarations.Informers(served with { ServesClusters = false }), .. Cache.Informers(served)];
    }

    public DeclarationCache Declarations { get; }

    public ClusterCache Cache { get; }

    public NamespaceSettingsCache Settings { get; }

    public ServerInputsReader Servers { get; }

    public ClientInputsReader Clients { get; }

    public DomainWaitTracker Waits { get; }

    /// <summary>Reads a cluster.</summary>
    /// <param name="client">Its client.</param>
    /// <param name="options">The options of its operator.</param>
    /// <param name="changes">Declarations that replace those of the cluster.</param>
    /// <exception cref="ForbiddenException">Something that the decisions depend on may not be read.</exception>
    public static async Task<ClusterSnapshot> ReadAsync(
        IKubernetesClient client, OperatorOptions options, ManifestOverlay changes, CancellationToken cancellationToken)
    {
        var reader = new ReadOnceClient(client, options.WatchNamespace, changes);
        var system = await reader.GetAsync<V1Namespace>("kube-system", null, cancellationToken);
        var served = await ApiCapabilities.ReadAsync(client, cancellationToken);
        var snapshot = new ClusterSnapshot(reader, options, system?.Metadata.Uid ?? "", served);
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

    public void Dispose()
    {
        _queues.Dispose();
        _meters.Dispose();
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
