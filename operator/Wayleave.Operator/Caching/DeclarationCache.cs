using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;

namespace Wayleave.Operator.Caching;

/// <summary>The objects of our kinds: one informer for each kind. Its indexes hold the objects that select the local cluster.</summary>
internal sealed class DeclarationCache
{
    private readonly InformerFactory _informers;
    private readonly OperatorOptions _options;
    private readonly Dictionary<Type, IInformer> _all = [];
    private readonly List<IInformer> _required = [];
    private readonly List<Func<CancellationToken, Task<bool>>> _areServed = [];

    public DeclarationCache(InformerFactory informers, OperatorOptions options)
    {
        _informers = informers;
        _options = options;
        Add(isRequired: true, new InformerOptions<ClientIntents>
        {
            Transform = CacheTransforms.TrimAndParse,
            Indexes = Indexers.ForIntents.Where(intents => ClusterSelectionMatcher.IncludesLocal(intents.Parse().Clusters)),
        });
        Add(isRequired: true, new InformerOptions<ProtectedService>
        {
            Transform = CacheTransforms.TrimAndParse,
            Indexes = Indexers.ForProtections.Where(protection => ClusterSelectionMatcher.IncludesLocal(protection.Parse().Clusters)),
        });
        Add(isRequired: false, new InformerOptions<Cluster> { Transform = CacheTransforms.TrimCluster });
        foreach (var row in KindTable.Rows)
        {
            row.AddTo(this);
        }

        Secrets = informers.Create(
            new InformerOptions<V1Secret> { Namespace = options.Namespace, MetadataOnly = true, Transform = CacheTransforms.TrimWorkload });
        Observed = options.ReadsObservedIntents
            ? new OptionalInformer<ObservedIntents>(
                informers,
                new InformerOptions<ObservedIntents>
                {
                    Transform = observed => CacheTransforms.TrimObserved(observed, informers.Strings),
                    Indexes = Indexers.ForObserved,
                })
            : null;
    }

    public Informer<ClientIntents> Intents => GetInformer<ClientIntents>();

    public Informer<ProtectedService> Protections => GetInformer<ProtectedService>();

    public Informer<EnforcementPolicy> Enforcements => GetInformer<EnforcementPolicy>();

    public Informer<KafkaServerConfig> KafkaServers => GetInformer<KafkaServerConfig>();

    public Informer<Cluster> Clusters => GetInformer<Cluster>();

    /// <summary>The metadata of the Secrets in the operator's own namespace.</summary>
    public Informer<V1Secret> Secrets { get; }

    /// <summary>
    /// The map of the network mapper. Null if it is not read. The operator starts without it too: until it is read, policies keep the
    /// addresses that it opened.
    /// </summary>
    public OptionalInformer<ObservedIntents>? Observed { get; }

    /// <summary>Whether member clusters are enabled.</summary>
    public bool AreClustersEnabled => _options.AreClustersEnabled;

    /// <summary>The informers to run, given what the API server serves.</summary>
    public IReadOnlyList<IInformer> Informers(ApiCapabilities served)
    {
        List<IInformer> all = [.. _required];
        if (served.ServesClusters)
        {
            all.AddRange([Clusters, Secrets]);
        }

        if (Observed is not null && served.ServesObservedIntents)
        {
            Observed.SetEnabled(true);
            all.Add(Observed);
        }

        return all;
    }

    /// <summary>Whether all CRDs are installed. That of Cluster is not required: an older release did not have it.</summary>
    public async Task<bool> AreCrdsServedAsync(CancellationToken cancellationToken)
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

    public async Task<bool> AreObservedIntentsServedAsync(CancellationToken cancellationToken) =>
        Observed is not null && await _informers.IsServedAsync<ObservedIntents>(cancellationToken);

    public async Task<bool> AreClustersServedAsync(CancellationToken cancellationToken) =>
        _options.AreClustersEnabled && await _informers.IsServedAsync<Cluster>(cancellationToken);

    /// <summary>The informer of one of our kinds.</summary>
    public Informer<TEntity> GetInformer<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => (Informer<TEntity>)_all[typeof(TEntity)];

    /// <summary>Adds an informer without indexes, if the kind has no informer yet.</summary>
    public void Add<TEntity>(bool isRequired)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => Add(isRequired, new InformerOptions<TEntity>());

    private void Add<TEntity>(bool isRequired, InformerOptions<TEntity> options)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (_all.ContainsKey(typeof(TEntity)))
        {
            return;
        }

        var trim = options.Transform ?? CacheTransforms.TrimDeclaration;
        var informer = _informers.Create(options with { Transform = _options.Tracing is null ? trim : KeepTraceParent(trim) });
        _all.Add(typeof(TEntity), informer);
        if (isRequired)
        {
            _required.Add(informer);
            _areServed.Add(_informers.IsServedAsync<TEntity>);
        }
    }

    // Only tracing reads the annotation.
    private static Action<TEntity> KeepTraceParent<TEntity>(Action<TEntity> trim)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => entity =>
        {
            var parent = TraceParentAnnotation.Find(entity);
            trim(entity);
            if (parent is not null)
            {
                entity.Metadata.Annotations ??= new Dictionary<string, string>(StringComparer.Ordinal);
                entity.Metadata.Annotations[TraceParentAnnotation.Name] = parent;
            }
        };
}
