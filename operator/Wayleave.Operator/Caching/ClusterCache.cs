using Wayleave.Api;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Caching;

/// <summary>What the operator knows of its cluster: one informer a kind.</summary>
internal sealed class ClusterCache
{
    private readonly InformerFactory _informers;

    public ClusterCache(InformerFactory informers)
    {
        _informers = informers;
        Intents = informers.Create(new InformerOptions<ClientIntents> { Indexes = IndexNames.OfIntents, Trim = Trimming.Declaration });
        Protections = informers.Create(new InformerOptions<ProtectedService> { Indexes = IndexNames.OfProtections, Trim = Trimming.Declaration });
        Policies = informers.Create(new InformerOptions<V1NetworkPolicy> { Indexes = IndexNames.OfPolicies, Trim = Trimming.Policy });
        Namespaces = informers.Create(new InformerOptions<V1Namespace> { Trim = Trimming.Metadata });
        Services = informers.Create(new InformerOptions<V1Service> { Trim = Trimming.Workload, Indexes = IndexNames.OfServices });
        Enforcements = informers.Create(new InformerOptions<EnforcementPolicy> { Trim = Trimming.Declaration });
        KafkaServers = informers.Create(new InformerOptions<KafkaServerConfig> { Trim = Trimming.Declaration });
        Workloads = new WorkloadCache(informers);
        Endpoints = new EndpointCache(informers);
    }

    public Informer<ClientIntents> Intents { get; }

    public Informer<ProtectedService> Protections { get; }

    public Informer<V1NetworkPolicy> Policies { get; }

    public Informer<V1Namespace> Namespaces { get; }

    public Informer<V1Service> Services { get; }

    public Informer<EnforcementPolicy> Enforcements { get; }

    public Informer<KafkaServerConfig> KafkaServers { get; }

    public WorkloadCache Workloads { get; }

    public EndpointCache Endpoints { get; }

    /// <summary>The informers to run, given what the API server serves.</summary>
    public IReadOnlyList<IInformer> Informers(ServedKinds served)
    {
        List<IInformer> all = [Intents, Protections, Enforcements, KafkaServers, Policies, Namespaces, Services, .. Workloads.Required];
        all.Add(served.EndpointSlices ? Endpoints.Slices : Endpoints.Endpoints);
        return served.CronJobs ? [.. all, Workloads.CronJobs] : all;
    }

    /// <summary>Whether the CRDs are there.</summary>
    public async Task<bool> AreDeclarationsServedAsync(CancellationToken cancellationToken) =>
        await _informers.IsServedAsync<ClientIntents>(cancellationToken)
        && await _informers.IsServedAsync<ProtectedService>(cancellationToken)
        && await _informers.IsServedAsync<EnforcementPolicy>(cancellationToken)
        && await _informers.IsServedAsync<KafkaServerConfig>(cancellationToken);

    /// <summary>Which of the kinds that not every API server serves are there.</summary>
    public async Task<ServedKinds> ServedKindsAsync(CancellationToken cancellationToken) => new(
        await _informers.IsServedAsync<V1CronJob>(cancellationToken), await _informers.IsServedAsync<V1EndpointSlice>(cancellationToken));
}
