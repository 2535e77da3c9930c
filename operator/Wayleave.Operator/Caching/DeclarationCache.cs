using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Caching;

/// <summary>The objects of our kinds: one informer for each kind. Its indexes hold the objects that select the local cluster.</summary>
internal sealed class DeclarationCache
{
    private readonly InformerFactory _informers;
    private readonly OperatorOptions _options;
    private readonly List<IInformer> _required = [];
    private readonly List<Func<CancellationToken, Task<bool>>> _areServed = [];

    public DeclarationCache(InformerFactory informers, OperatorOptions options)
    {
        _informers = informers;
        _options = options;
        Intents = Required(new InformerOptions<ClientIntents>
        {
            Indexes = Indexers.OfIntents.Where(intents => ClusterSelector.IncludesLocal(RetainedDeclarations.Clusters(intents))),
        });
        Protections = Required(new InformerOptions<ProtectedService>
        {
            Indexes = Indexers.OfProtections.Where(protection => ClusterSelector.IncludesLocal(DeclaredProtection.Clusters(protection))),
        });
        Enforcements = Required(new InformerOptions<EnforcementPolicy>());
        KafkaServers = Required(new InformerOptions<KafkaServerConfig>());
        Clusters = informers.Create(new InformerOptions<Cluster> { Transform = CacheTransforms.Cluster });
        Secrets = informers.Create(
            new InformerOptions<V1Secret> { Namespace = options.Namespace, MetadataOnly = true, Transform = CacheTransforms.Workload });
    }

    public Informer<ClientIntents> Intents { get; }

    public Informer<ProtectedService> Protections { get; }

    public Informer<EnforcementPolicy> Enforcements { get; }

    public Informer<KafkaServerConfig> KafkaServers { get; }

    public Informer<Cluster> Clusters { get; }

    /// <summary>The metadata of the Secrets in the operator's own namespace.</summary>
    public Informer<V1Secret> Secrets { get; }

    /// <summary>Whether member clusters are enabled.</summary>
    public bool WantsClusters => _options.Clusters;

    /// <summary>The informers to run, given what the API server serves.</summary>
    public IReadOnlyList<IInformer> Informers(ApiCapabilities served) => served.Clusters ? [.. _required, Clusters, Secrets] : _required;

    /// <summary>Whether all CRDs are installed. That of Cluster is not required: an older release did not have it.</summary>
    public async Task<bool> AreServedAsync(CancellationToken cancellationToken)
    {
        foreach (var isServedAsync in _areServed)
        {
            if (!await isServedAsync(cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    public async Task<bool> AreClustersServedAsync(CancellationToken cancellationToken) =>
        _options.Clusters && await _informers.IsServedAsync<Cluster>(cancellationToken);

    private Informer<TEntity> Required<TEntity>(InformerOptions<TEntity> options)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var informer = _informers.Create(options with { Transform = CacheTransforms.Declaration });
        _required.Add(informer);
        _areServed.Add(_informers.IsServedAsync<TEntity>);
        return informer;
    }
}
