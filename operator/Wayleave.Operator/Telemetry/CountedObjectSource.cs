using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Operator.Telemetry;

/// <summary>Shows telemetry the objects that it counts: those that come by, and those that went before.</summary>
internal sealed class CountedObjectSource : IObjectHistory
{
    private readonly Dictionary<CountedKind, Func<long, long, CancellationToken, Task<ObjectHistory>>> _histories = [];
    private readonly DeclarationCache _declarations;
    private readonly ClusterCache _cache;
    private readonly IKubernetesClient _client;
    private readonly TimeProvider _time;

    public CountedObjectSource(DeclarationCache declarations, ClusterCache cache, IKubernetesClient client, TimeProvider time)
    {
        (_declarations, _cache, _client, _time) = (declarations, cache, client, time);
        Remember<Api.ClientIntents>(CountedKindCatalog.Intents, ObjectUsageReader.Of);
        Remember<Api.ProtectedService>(CountedKindCatalog.ProtectedServices, ObjectUsageReader.Of);
        Remember<Api.EnforcementPolicy>(CountedKindCatalog.EnforcementPolicies, ObjectUsageReader.Of);
        Remember<Api.KafkaServerConfig>(CountedKindCatalog.KafkaServerConfigs, ObjectUsageReader.Of);
        Remember<Api.Cluster>(CountedKindCatalog.Clusters, ObjectUsageReader.Of);
        Remember<V1NetworkPolicy>(CountedKindCatalog.NetworkPolicies, policy => ObjectUsageReader.Of(policy, cache.Owner));
    }

    /// <summary>Registers with the informers. Call once, before they run.</summary>
    public void Follow(ObjectFeedSet feeds)
    {
        Follow(_declarations.Intents, feeds.Of(CountedKindCatalog.Intents), ObjectUsageReader.Of);
        Follow(_declarations.Protections, feeds.Of(CountedKindCatalog.ProtectedServices), ObjectUsageReader.Of);
        Follow(_declarations.Enforcements, feeds.Of(CountedKindCatalog.EnforcementPolicies), ObjectUsageReader.Of);
        Follow(_declarations.KafkaServers, feeds.Of(CountedKindCatalog.KafkaServerConfigs), ObjectUsageReader.Of);
        Follow(_declarations.Clusters, feeds.Of(CountedKindCatalog.Clusters), ObjectUsageReader.Of);
        Follow(_cache.Policies, feeds.Of(CountedKindCatalog.NetworkPolicies), policy => ObjectUsageReader.Of(policy, _cache.Owner));
    }

    public Task<ObjectHistory> ReadAsync(CountedKind kind, long after, long upTo, CancellationToken cancellationToken) =>
        _histories[kind](after, upTo, cancellationToken);

    private static void Follow<TEntity>(Informer<TEntity> informer, ObjectFeed feed, Func<TEntity, ObjectUsage> usageOf)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        informer.AddObserver(new ObjectFeedObserver<TEntity>(feed, usageOf));

    private void Remember<TEntity>(CountedKind kind, Func<TEntity, ObjectUsage> usageOf)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        _histories[kind] = new WatchHistory<TEntity>(_client, usageOf, _time).ReadAsync;
}
