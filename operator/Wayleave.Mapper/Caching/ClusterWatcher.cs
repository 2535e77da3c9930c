using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Logging;
using Wayleave.Kubernetes.Models;
using Wayleave.Mapper.Observing;
using Wayleave.Observation.Resolution;

namespace Wayleave.Mapper.Caching;

/// <summary>Watches what the map needs to know of the cluster, on a standby too.</summary>
internal sealed class ClusterWatcher
{
    private readonly IKubernetesClient _client;
    private readonly EntityRegistry _registry;
    private readonly KubernetesMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly LogThrottle _messages;

    public ClusterWatcher(
        IKubernetesClient client, EntityRegistry registry, MapState state, KubernetesMetrics metrics, TimeProvider time,
        ILoggerFactory loggers)
    {
        (_client, _registry, _metrics, _time, _loggers) = (client, registry, metrics, time, loggers);
        _messages = new LogThrottle(time);
        Pods = Create(new InformerOptions<AddressedPod> { Transform = TrimPod });
        Services = Create(new InformerOptions<AddressedService> { Transform = Trim });
        Slices = Create(new InformerOptions<PartialEndpointSlice> { Transform = TrimExceptLabels });
        Endpoints = Create(new InformerOptions<PartialEndpoints> { Transform = Trim });
        ReplicaSets = Create(new InformerOptions<PartialReplicaSet> { Transform = Trim, MetadataOnly = true });
        Jobs = Create(new InformerOptions<PartialJob> { Transform = Trim, MetadataOnly = true });
        Nodes = Create(new InformerOptions<AddressedNode> { Transform = Trim });
        Intents = Create(new InformerOptions<ObservedIntents> { Transform = Trim, MetadataOnly = true });
        Attach(state);
    }

    public Informer<AddressedPod> Pods { get; }

    public Informer<AddressedService> Services { get; }

    /// <summary>Served since Kubernetes 1.21.</summary>
    public Informer<PartialEndpointSlice> Slices { get; }

    /// <summary>Used where slices are not served.</summary>
    public Informer<PartialEndpoints> Endpoints { get; }

    public Informer<PartialReplicaSet> ReplicaSets { get; }

    public Informer<PartialJob> Jobs { get; }

    public Informer<AddressedNode> Nodes { get; }

    /// <summary>Only to see that somebody deleted one: their content is this program's own.</summary>
    public Informer<ObservedIntents> Intents { get; }

    /// <summary>The informers to run.</summary>
    public IReadOnlyList<IInformer> Select(bool servesSlices) =>
        [Pods, Services, servesSlices ? Slices : Endpoints, ReplicaSets, Jobs, Nodes, Intents];

    private void Attach(MapState state)
    {
        Follow(
            Pods, state,
            (cluster, pod, at) => UsePod(pod, facts => cluster.SetPod(facts, at)),
            (cluster, pod, at) => UsePod(pod, facts => cluster.RemovePod(facts.Uid, at)));
        Follow(
            Services, state,
            (cluster, service, at) => cluster.Services.Set(FactsReader.ReadService(service), at),
            (cluster, service, at) => cluster.Services.Remove(FactsReader.KeyOf(service.Metadata), at));
        Follow(Slices, state, (cluster, slice, _) => SetEndpoints(cluster, slice, FactsReader.ReadSlice(slice)), RemoveEndpoints);
        Follow(
            Endpoints, state,
            (cluster, endpoints, _) => SetEndpoints(cluster, endpoints, FactsReader.ReadEndpoints(endpoints)), RemoveEndpoints);
        Follow(ReplicaSets, state, SetOwner, RemoveOwner);
        Follow(Jobs, state, SetOwner, RemoveOwner);
        Follow(
            Nodes, state,
            (cluster, node, at) => cluster.SetNode(FactsReader.ReadNode(node), at),
            (cluster, node, at) => cluster.RemoveNode(node.Metadata.Name, at));
        Intents.AddHandler((old, now) =>
        {
            if (now is null)
            {
                state.Forget(FactsReader.KeyOf(old!.Metadata), old.Metadata.Uid);
            }
        });
    }

    private static void Follow<TEntity>(
        Informer<TEntity> informer, MapState state, Action<ClusterHistory, TEntity, DateTimeOffset> set,
        Action<ClusterHistory, TEntity, DateTimeOffset> remove)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => informer.AddHandler((old, now) => state.UpdateCluster((cluster, at) =>
        {
            if (now is not null)
            {
                set(cluster, now, at);
            }
            else
            {
                remove(cluster, old!, at);
            }
        }));

    private static void UsePod(AddressedPod pod, Action<PodFacts> use)
    {
        if (FactsReader.ReadPod(pod) is { } facts)
        {
            use(facts);
        }
    }

    private static void SetEndpoints(ClusterHistory cluster, IKubernetesObject<V1ObjectMeta> source, EndpointFacts endpoints) =>
        cluster.Services.SetEndpoints(FactsReader.KeyOf(source.Metadata), endpoints);

    private static void RemoveEndpoints(ClusterHistory cluster, IKubernetesObject<V1ObjectMeta> source, DateTimeOffset at) =>
        cluster.Services.RemoveEndpoints(FactsReader.KeyOf(source.Metadata));

    private static void SetOwner(ClusterHistory cluster, IKubernetesObject<V1ObjectMeta> owner, DateTimeOffset at) =>
        cluster.SetOwner(owner.Metadata.Uid, new OwnerFacts(FactsReader.ReadController(owner.Metadata)));

    private static void RemoveOwner(ClusterHistory cluster, IKubernetesObject<V1ObjectMeta> owner, DateTimeOffset at) =>
        cluster.RemoveOwner(owner.Metadata.Uid, at);

    private static void TrimPod(AddressedPod pod)
    {
        var labels = pod.Metadata.Labels;
        var staticUid = pod.Metadata.Annotations.Find(FactsReader.StaticUid);
        TrimExceptLabels(pod);
        pod.Metadata.Labels = WorkloadFinder.NeedsLabels(FactsReader.ReadController(pod.Metadata), labels) ? labels : null;
        pod.Metadata.Annotations = staticUid is null
            ? null
            : new Dictionary<string, string>(StringComparer.Ordinal) { [FactsReader.StaticUid] = staticUid };
    }

    private static void Trim(IKubernetesObject<V1ObjectMeta> entity)
    {
        TrimExceptLabels(entity);
        entity.Metadata.Labels = null;
    }

    private static void TrimExceptLabels(IKubernetesObject<V1ObjectMeta> entity)
    {
        (entity.ApiVersion, entity.Kind) = (null, null);
        (entity.Metadata.Annotations, entity.Metadata.ManagedFields, entity.Metadata.Finalizers) = (null, null, null);
    }

    private Informer<TEntity> Create<TEntity>(InformerOptions<TEntity> options)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => new(
        _client, _registry, options with { LogThrottle = _messages, ListFromCache = true }, _metrics, _time,
        _loggers.CreateLogger<Informer<TEntity>>());
}
