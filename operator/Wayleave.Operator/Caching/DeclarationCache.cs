using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Caching;

/// <summary>
/// The declarations: one informer for each kind. Its indexes hold the objects that select the local cluster; the objects of
/// others is indexed with them.
/// </summary>
internal sealed class DeclarationCache(InformerFactory informers, OperatorOptions options)
{
    public Informer<ClientIntents> Intents { get; } = informers.Create(new InformerOptions<ClientIntents>
    {
        Indexes = Indexers.OfIntents.Where(intents => ClusterSelector.IncludesLocal(RetainedDeclarations.Clusters(intents))),
        Transform = CacheTransforms.Declaration,
    });

    public Informer<ProtectedService> Protections { get; } = informers.Create(new InformerOptions<ProtectedService>
    {
        Indexes = Indexers.OfProtections.Where(protection => ClusterSelector.IncludesLocal(DeclaredProtection.Clusters(protection))),
        Transform = CacheTransforms.Declaration,
    });

    public Informer<EnforcementPolicy> Enforcements { get; } = informers.Create(new InformerOptions<EnforcementPolicy> { Transform = CacheTransforms.Declaration });

    public Informer<KafkaServerConfig> KafkaServers { get; } = informers.Create(new InformerOptions<KafkaServerConfig> { Transform = CacheTransforms.Declaration });

    public Informer<Cluster> Clusters { get; } = informers.Create(new InformerOptions<Cluster> { Transform = CacheTransforms.Cluster });

    /// <summary>The Secrets of the operator's own namespace, without what is in them.</summary>
    public Informer<V1Secret> Secrets { get; } = informers.Create(
        new InformerOptions<V1Secret> { Namespace = options.Namespace, MetadataOnly = true, Transform = CacheTransforms.Workload });

    /// <summary>The informers to run, given what the API server serves.</summary>
    public IReadOnlyList<IInformer> Informers(ApiCapabilities served) =>
        served.Clusters ? [Intents, Protections, Enforcements, KafkaServers, Clusters, Secrets] : [Intents, Protections, Enforcements, KafkaServers];

    /// <summary>Whether the CRDs are there. Without that of Cluster the operator does what it did before there was one.</summary>
    public async Task<bool> AreServedAsync(CancellationToken cancellationToken) =>
        await informers.IsServedAsync<ClientIntents>(cancellationToken)
        && await informers.IsServedAsync<ProtectedService>(cancellationToken)
        && await informers.IsServedAsync<EnforcementPolicy>(cancellationToken)
        && await informers.IsServedAsync<KafkaServerConfig>(cancellationToken);

    /// <summary>Whether member clusters are to be looked after.</summary>
    public bool WantsClusters => options.Clusters;

    public async Task<bool> AreClustersServedAsync(CancellationToken cancellationToken) =>
        options.Clusters && await informers.IsServedAsync<Cluster>(cancellationToken);
}
