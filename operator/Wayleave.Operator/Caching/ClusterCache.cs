using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Clusters;

namespace Wayleave.Operator.Caching;

/// <summary>What the operator knows of one cluster: what is in it, one informer a kind, and what is declared for it.</summary>
internal sealed class ClusterCache
{
    private readonly Installation _installation;

    public ClusterCache(
        InformerFactory informers,
        Installation installation,
        IEntitySource<ClientIntents> intents,
        IEntitySource<ProtectedService> protections,
        IEntitySource<EnforcementPolicy> enforcements)
    {
        _installation = installation;
        (OnlyNamespace, Intents, Protections, Enforcements) = (informers.OnlyNamespace, intents, protections, enforcements);
        Policies = informers.Create(new InformerOptions<V1NetworkPolicy>
        {
            Indexes = IndexNames.OfPolicies(installation),
            Trim = policy => Trimming.Policy(policy, Owner),
        });
        Namespaces = informers.Create(new InformerOptions<V1Namespace> { Trim = Trimming.Metadata, FieldSelector = OnlyNamespace is { } only ? $"metadata.name={only}" : null });
        Services = informers.Create(new InformerOptions<V1Service> { Trim = Trimming.Workload, Indexes = IndexNames.OfServices });
        Workloads = new WorkloadCache(informers);
        Endpoints = new EndpointCache(informers);
    }

    /// <summary>The only namespace that is looked after here; null for all.</summary>
    public string? OnlyNamespace { get; }

    /// <summary>Whether a namespace is looked after.</summary>
    public bool Watches(string @namespace) => OnlyNamespace is null || OnlyNamespace == @namespace;

    /// <summary>What a declaration calls the cluster.</summary>
    public string Name { get; init; } = ClusterRules.Local;

    /// <summary>Which policies are ours here.</summary>
    public PolicyOwner Owner => _installation.Owner;

    /// <summary>The UID of kube-system; null while it has not been seen.</summary>
    public string? ClusterUid => Namespaces.Store.Get(new NamespacedName("", "kube-system"))?.Metadata.Uid;

    public IEntitySource<ClientIntents> Intents { get; }

    public IEntitySource<ProtectedService> Protections { get; }

    public IEntitySource<EnforcementPolicy> Enforcements { get; }

    public Informer<V1NetworkPolicy> Policies { get; }

    public Informer<V1Namespace> Namespaces { get; }

    public Informer<V1Service> Services { get; }

    public WorkloadCache Workloads { get; }

    public EndpointCache Endpoints { get; }

    /// <summary>The informers of what is in the cluster, given what its API server serves.</summary>
    public IReadOnlyList<IInformer> Informers(ServedKinds served)
    {
        List<IInformer> all = [Policies, Namespaces, Services, .. Workloads.Required];
        all.Add(served.EndpointSlices ? Endpoints.Slices : Endpoints.Endpoints);
        return served.CronJobs ? [.. all, Workloads.CronJobs] : all;
    }
}
