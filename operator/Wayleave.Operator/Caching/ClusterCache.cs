using System.Collections.Concurrent;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Caching;

/// <summary>The caches of one cluster: one informer for each kind, and the declarations that select it.</summary>
internal sealed class ClusterCache
{
    private readonly ConcurrentDictionary<NamespacedName, PartialService> _lastServices = new();

    public ClusterCache(
        InformerFactory informers,
        Installation installation,
        NetworkSettings network,
        IEntitySource<ClientIntents> intents,
        IEntitySource<ProtectedService> protections,
        IEntitySource<EnforcementPolicy> enforcements)
    {
        Installation = installation;
        (OnlyNamespace, Intents, Protections, Enforcements) = (informers.OnlyNamespace, intents, protections, enforcements);
        Policies = informers.Create(new InformerOptions<V1NetworkPolicy>
        {
            Indexes = Indexers.ForPolicies(installation),
            Transform = policy => CacheTransforms.TrimPolicy(policy, Owner),
        });
        Namespaces = informers.Create(new InformerOptions<V1Namespace>
        {
            Transform = CacheTransforms.TrimMetadata,
            FieldSelector = OnlyNamespace is { } only ? $"metadata.name={only}" : null,
        });
        Services = informers.Create(
            new InformerOptions<PartialService> { Transform = CacheTransforms.TrimWorkload, Indexes = Indexers.ForServices });
        Workloads = new WorkloadCache(informers) { IsDeclared = IsDeclared };
        Endpoints = new EndpointCache(informers);
        Network = new NetworkCache(informers, network, Services, Workloads.FindMatching);
        Exposure = new ExposureCache(informers, Workloads.Controllers);
        Services.AddHandler(RememberService);
        Workloads.AddHandler(change => Network.HandleWorkloadChange(change.Name.Namespace));
    }

    /// <summary>The only namespace that is watched. Null for all.</summary>
    public string? OnlyNamespace { get; }

    /// <summary>Whether a namespace is watched.</summary>
    public bool Watches(string @namespace) => OnlyNamespace is null || OnlyNamespace == @namespace;

    /// <summary>The name of the cluster in declarations.</summary>
    public string Name { get; init; } = ClusterSelectionMatcher.Local;

    /// <summary>This installation of the operator, which marks its policies.</summary>
    public Installation Installation { get; }

    /// <summary>Which policies are ours here.</summary>
    public PolicyOwner Owner => Installation.Owner;

    /// <summary>The UID of kube-system; null while it has not been seen.</summary>
    public string? ClusterUid => Namespaces.Store.Get(new NamespacedName("", "kube-system"))?.Metadata.Uid;

    public IEntitySource<ClientIntents> Intents { get; }

    public IEntitySource<ProtectedService> Protections { get; }

    public IEntitySource<EnforcementPolicy> Enforcements { get; }

    public Informer<V1NetworkPolicy> Policies { get; }

    public Informer<V1Namespace> Namespaces { get; }

    public Informer<PartialService> Services { get; }

    public WorkloadCache Workloads { get; }

    public EndpointCache Endpoints { get; }

    /// <summary>What is known of the network.</summary>
    public NetworkCache Network { get; }

    /// <summary>What leads to Services from outside the cluster.</summary>
    public ExposureCache Exposure { get; }

    /// <summary>Whether what exposes servers outside the cluster, and the ranges of Pods, have been read.</summary>
    public bool IsExposureKnown => Exposure.IsEnabled && Exposure.HasSynced && Network.HasSynced;

    /// <summary>The workloads whose Pods a Service selects, as far as they are known.</summary>
    public IReadOnlyList<Workload> FindBackends(PartialService? service) =>
        service?.Spec is { Type: not "ExternalName", Selector: { Count: > 0 } selector }
        ? Workloads.FindMatching(service.Metadata.NamespaceProperty ?? "", new V1LabelSelector { MatchLabels = selector })
        : [];

    /// <summary>The Pods that declarations name by their labels, each once.</summary>
    public IEnumerable<Workload> SelectedPods(IEnumerable<ParsedWorkloadRef> references) => references
        .Where(reference => reference.Selector is not null)
        .Select(reference => Workload.FromSelector(
            reference.Namespace, reference.Name, reference.Selector!, Workloads.FindMatching(reference.Namespace, reference.Selector!)))
        .DistinctBy(pods => pods.Name, StringComparer.Ordinal);

    /// <summary>The last known state of a declared Service that no longer exists. Null if unknown.</summary>
    public PartialService? LastKnownService(NamespacedName name) => _lastServices.GetValueOrDefault(name);

    /// <summary>Forgets what does not exist now, if nothing is declared about the name.</summary>
    public void Forget(NamespacedName name)
    {
        Workloads.Forget(name.Namespace, name.Name);
        if (_lastServices.ContainsKey(name) && !IsDeclared(new PolicyKey(SubjectType.Service, name.Namespace, name.Name)))
        {
            _lastServices.TryRemove(name, out _);
        }
    }

    /// <summary>Starts or stops the informers of Ingresses, routes and webhooks.</summary>
    public void SetExposureEnabled(bool isWanted)
    {
        Exposure.SetEnabled(isWanted);
        Network.SetNodesEnabled(isWanted && OnlyNamespace is null);
    }

    /// <summary>The informers of what is in the cluster, given what its API server serves.</summary>
    public IReadOnlyList<IInformer> Informers(ApiCapabilities served)
    {
        Network.SetCapabilities(served with { ServesServiceCidrs = served.ServesServiceCidrs && OnlyNamespace is null });
        List<IInformer> all = [Policies, Namespaces, Services, .. Workloads.Required, .. Network.Informers, .. Exposure.Informers];
        all.Add(served.ServesEndpointSlices ? Endpoints.Slices : Endpoints.Endpoints);
        return served.ServesCronJobs ? [.. all, Workloads.CronJobs] : all;
    }

    private bool IsDeclared(NamespacedName workload) =>
        IsDeclared(new PolicyKey(SubjectType.Workload, workload.Namespace, workload.Name))
        || Intents.Store.CountByIndex(Indexers.Client, Indexers.GetClientKey(workload.Namespace, workload.Name)) > 0;

    private bool IsDeclared(PolicyKey server) =>
        Intents.Store.CountByIndex(Indexers.Server, server.ToString()) > 0
            || Protections.Store.CountByIndex(Indexers.Server, server.ToString()) > 0;

    private void RememberService(PartialService? old, PartialService? now)
    {
        var name = NamespacedName.From((now ?? old)!);
        if (now is not null)
        {
            _lastServices.TryRemove(name, out _);
        }
        else if (IsDeclared(new PolicyKey(SubjectType.Service, name.Namespace, name.Name)))
        {
            _lastServices[name] = old!;
        }
    }
}
