using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;
using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Operator.Telemetry;

/// <summary>Shows telemetry the objects that it counts: those that come by, and those that went before.</summary>
internal sealed class ClusterObjects : IObjectHistory
{
    private readonly Dictionary<CountedKind, Func<long, long, CancellationToken, Task<ObjectPast>>> _histories = [];
    private readonly DeclarationCache _declarations;
    private readonly ClusterCache _cache;
    private readonly IKubernetesClient _client;
    private readonly TimeProvider _time;

    public ClusterObjects(DeclarationCache declarations, ClusterCache cache, IKubernetesClient client, TimeProvider time)
    {
        (_declarations, _cache, _client, _time) = (declarations, cache, client, time);
        Remember<Api.ClientIntents>(CountedKinds.Intents, ObjectUsages.Of);
        Remember<Api.ProtectedService>(CountedKinds.ProtectedServices, ObjectUsages.Of);
        Remember<Api.EnforcementPolicy>(CountedKinds.EnforcementPolicies, ObjectUsages.Of);
        Remember<Api.KafkaServerConfig>(CountedKinds.KafkaServerConfigs, ObjectUsages.Of);
        Remember<Api.Cluster>(CountedKinds.Clusters, ObjectUsages.Of);
        Remember<V1NetworkPolicy>(CountedKinds.NetworkPolicies, policy => ObjectUsages.Of(policy, cache.Owner));
    }

    /// <summary>Registers with the informers. Call once, before they run.</summary>
    public void Follow(ObjectFeeds feeds)
    {
        Follow(_declarations.Intents, feeds.Of(CountedKinds.Intents), ObjectUsages.Of);
        Follow(_declarations.Protections, feeds.Of(CountedKinds.ProtectedServices), ObjectUsages.Of);
        Follow(_declarations.Enforcements, feeds.Of(CountedKinds.EnforcementPolicies), ObjectUsages.Of);
        Follow(_declarations.KafkaServers, feeds.Of(CountedKinds.KafkaServerConfigs), ObjectUsages.Of);
        Follow(_declarations.Clusters, feeds.Of(CountedKinds.Clusters), ObjectUsages.Of);
        Follow(_cache.Policies, feeds.Of(CountedKinds.NetworkPolicies), policy => ObjectUsages.Of(policy, _cache.Owner));
    }

    public Task<ObjectPast> ReadAsync(CountedKind kind, long after, long upTo, CancellationToken cancellationToken) =>
        _histories[kind](after, upTo, cancellationToken);

    private static void Follow<TEntity>(Informer<TEntity> informer, ObjectFeed feed, Func<TEntity, ObjectUsage> usageOf)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        informer.AddObserver(new ObjectFollower<TEntity>(feed, usageOf));

    private void Remember<TEntity>(CountedKind kind, Func<TEntity, ObjectUsage> usageOf)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        _histories[kind] = new WatchHistory<TEntity>(_client, usageOf, _time).ReadAsync;
}
