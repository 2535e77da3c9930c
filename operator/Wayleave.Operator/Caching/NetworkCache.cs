using System.Net;
using k8s.Models;
using Wayleave.Enforcement.Network;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Caching;

/// <summary>
/// What is known of a cluster's network: the ranges of Pods and Services, and the cluster's DNS. Safe for any number of readers.
/// </summary>
internal sealed class NetworkCache
{
    private readonly NetworkSettings _settings;
    private readonly IStore<PartialService> _services;
    private readonly Func<string, V1LabelSelector, IReadOnlyList<Workload>> _backends;
    private readonly OptionalInformer<V1Node> _nodes;
    private readonly OptionalInformer<V1ServiceCIDR> _serviceRanges;
    private readonly List<Action<ClusterNetwork, ClusterNetwork>> _handlers = [];
    private readonly Lock _lock = new();

    // Keep the ranges of deleted nodes, because new nodes get them again and each change would update the policy of every exposed server.
    private readonly HashSet<IPNetwork> _nodeRanges = [];
    private volatile ClusterNetwork _current;

    /// <param name="informers">Of the cluster.</param>
    /// <param name="settings">The operator's network options.</param>
    /// <param name="backends">Finds the workloads whose Pods a selector matches.</param>
    public NetworkCache(
        InformerFactory informers, NetworkSettings settings, Informer<PartialService> services,
        Func<string, V1LabelSelector, IReadOnlyList<Workload>> backends)
    {
        _settings = settings;
        _services = services.Store;
        _backends = backends;
        _current = new ClusterNetwork
        {
            PodRanges = AddressRangeSet.Collapse(settings.PodRanges),
            ServiceRanges = AddressRangeSet.Collapse(settings.ServiceRanges),
        };
        _nodes = new OptionalInformer<V1Node>(informers, new InformerOptions<V1Node> { Transform = CacheTransforms.TrimWorkload });
        _serviceRanges = new OptionalInformer<V1ServiceCIDR>(
            informers, new InformerOptions<V1ServiceCIDR> { Transform = CacheTransforms.TrimWorkload });
        _nodes.AddHandler((_, now) => NodeChanged(now));
        _serviceRanges.AddHandler((_, _) => Refresh());
        services.AddHandler((old, now) =>
        {
            if (DnsServer.Services.Contains(NamespacedName.From((now ?? old)!)))
            {
                Refresh();
            }
        });
    }

    /// <summary>What is known now. The same object as long as nothing changes.</summary>
    public ClusterNetwork Current => _current;

    /// <summary>All that may have to be read.</summary>
    public IReadOnlyList<IInformer> Informers => [_nodes, _serviceRanges];

    /// <summary>Whether all that is wanted has been read.</summary>
    public bool HasSynced => _nodes.HasSynced && _serviceRanges.HasSynced;

    /// <summary>Called with what was known and what is known now. Add handlers before the informers run.</summary>
    public void AddHandler(Action<ClusterNetwork, ClusterNetwork> handler) => _handlers.Add(handler);

    /// <summary>
    /// Called after the first complete list of what is wanted, each time that reading starts. Call once, before the informers run.
    /// </summary>
    public void AddSyncedHandler(Action handler) => (_nodes.OnSynced, _serviceRanges.OnSynced) = (handler, handler);

    /// <summary>What the API server can do. Call before the informers run.</summary>
    public void SetCapabilities(ApiCapabilities served)
    {
        lock (_lock)
        {
            _current = _current with { SupportsPortRanges = served.SupportsPortRanges };
        }

        _serviceRanges.SetEnabled(served.ServesServiceCidrs && _settings.ServiceRanges.Count == 0);
    }

    /// <summary>Starts to read the nodes, or stops; not where their ranges were given.</summary>
    public void SetNodesEnabled(bool isWanted) => _nodes.SetEnabled(isWanted && _settings.PodRanges.Count == 0);

    /// <summary>A workload changed that may be the cluster's DNS.</summary>
    public void HandleWorkloadChange(string @namespace)
    {
        if (DnsServer.Services.Any(service => service.Namespace == @namespace))
        {
            Refresh();
        }
    }

    private void NodeChanged(V1Node? now)
    {
        var isNew = false;
        lock (_lock)
        {
            foreach (var range in Parse(now?.Spec?.PodCIDRs))
            {
                isNew |= _nodeRanges.Add(range);
            }
        }

        if (isNew)
        {
            Refresh();
        }
    }

    private void Refresh()
    {
        ClusterNetwork before;
        ClusterNetwork now;
        lock (_lock)
        {
            before = _current;
            now = before with
            {
                PodRanges = AddressRangeSet.Collapse(_settings.PodRanges.Count > 0 ? _settings.PodRanges : _nodeRanges),
                ServiceRanges = AddressRangeSet.Collapse(
                    _settings.ServiceRanges.Count > 0
                        ? _settings.ServiceRanges
                        : _serviceRanges.Store.List().SelectMany(range => Parse(range.Spec?.Cidrs))),
                Dns = DnsServer.Services.Select(Dns).OfType<DnsServer>().ToArray(),
            };
            if (before.PodRanges.SequenceEqual(now.PodRanges)
                && before.ServiceRanges.SequenceEqual(now.ServiceRanges)
                && before.Dns.SequenceEqual(now.Dns))
            {
                return;
            }

            _current = now;
        }

        _handlers.ForEach(handler => handler(before, now));
    }

    private DnsServer? Dns(NamespacedName name)
    {
        var service = _services.Get(name);
        var selector = new V1LabelSelector { MatchLabels = service?.Spec?.Selector };
        return DnsServer.Read(service, selector.MatchLabels is { Count: > 0 } ? _backends(name.Namespace, selector) : []);
    }

    private static IEnumerable<IPNetwork> Parse(IEnumerable<string>? ranges)
    {
        foreach (var text in ranges ?? [])
        {
            if (IPNetwork.TryParse(text, out var range))
            {
                yield return range;
            }
        }
    }
}
