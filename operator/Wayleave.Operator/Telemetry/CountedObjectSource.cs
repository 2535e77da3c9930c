using System.Globalization;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Operator.Telemetry;

/// <summary>Passes the counted objects to telemetry: from watches, and from the history of watches that ended.</summary>
internal sealed class CountedObjectSource : IObjectHistoryReader
{
    private readonly Dictionary<CountedKind, Func<long, long, CancellationToken, Task<ObjectHistory>>> _histories = [];
    private readonly DeclarationCache _declarations;
    private readonly ClusterCache _cache;
    private readonly ObjectTrackerSet _feeds;
    private readonly IKubernetesClient _client;
    private readonly TimeProvider _time;

    public CountedObjectSource(
        DeclarationCache declarations, ClusterCache cache, ObjectTrackerSet feeds, IKubernetesClient client, TimeProvider time)
    {
        (_declarations, _cache, _feeds, _client, _time) = (declarations, cache, feeds, client, time);
        Remember<Api.ClientIntents>(CountedKindCatalog.Intents, ObjectUsageReader.Read);
        Remember<Api.ProtectedService>(CountedKindCatalog.ProtectedServices, ObjectUsageReader.Read);
        Remember<Api.EnforcementPolicy>(CountedKindCatalog.EnforcementPolicies, ObjectUsageReader.Read);
        Remember<Api.KafkaServerConfig>(CountedKindCatalog.KafkaServerConfigs, ObjectUsageReader.Read);
        Remember<Api.Cluster>(CountedKindCatalog.Clusters, ObjectUsageReader.Read);
        Remember<V1NetworkPolicy>(CountedKindCatalog.NetworkPolicies, policy => ObjectUsageReader.Read(policy, cache.Owner));
    }

    /// <summary>Attaches observers to the informers. Call once, before they run.</summary>
    public void Attach()
    {
        Follow(_declarations.Intents, _feeds.Of(CountedKindCatalog.Intents), ObjectUsageReader.Read);
        Follow(_declarations.Protections, _feeds.Of(CountedKindCatalog.ProtectedServices), ObjectUsageReader.Read);
        Follow(_declarations.Enforcements, _feeds.Of(CountedKindCatalog.EnforcementPolicies), ObjectUsageReader.Read);
        Follow(_declarations.KafkaServers, _feeds.Of(CountedKindCatalog.KafkaServerConfigs), ObjectUsageReader.Read);
        Follow(_declarations.Clusters, _feeds.Of(CountedKindCatalog.Clusters), ObjectUsageReader.Read);
        Follow(_cache.Policies, _feeds.Of(CountedKindCatalog.NetworkPolicies), policy => ObjectUsageReader.Read(policy, _cache.Owner));
    }

    public Task<ObjectHistory> ReadAsync(CountedKind kind, long after, long upTo, CancellationToken cancellationToken) =>
        _histories[kind](after, upTo, cancellationToken);

    private static void Follow<TEntity>(Informer<TEntity> informer, ObjectTracker feed, Func<TEntity, ObjectUsage> usageOf)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        informer.AddObserver(new ObjectTrackerObserver<TEntity>(feed, usageOf));

    private void Remember<TEntity>(CountedKind kind, Func<TEntity, ObjectUsage> usageOf)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        _histories[kind] = new WatchHistory<TEntity>(_client, usageOf, _time).ReadAsync;
}

/// <summary>Passes list and watch events of an informer to telemetry: for each object a digest of its UID and its counts.</summary>
internal sealed class ObjectTrackerObserver<TEntity>(ObjectTracker feed, Func<TEntity, ObjectUsage> usageOf) : IListWatchObserver<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public void OnListStarted() => feed.OnListStarted();

    public void OnListed(TEntity entity) =>
        feed.OnListed(ObjectId.Of(entity.Metadata.Uid ?? ""), usageOf(entity), Position(entity.Metadata.ResourceVersion));

    public void OnListCompleted(string? resourceVersion) => feed.OnListCompleted(Position(resourceVersion));

    public void OnWatchEvent(WatchEventType type, TEntity entity)
    {
        var position = Position(entity.Metadata.ResourceVersion);
        switch (type)
        {
            case WatchEventType.Bookmark:
                feed.Bookmark(position);
                break;
            case WatchEventType.Deleted:
                feed.Gone(ObjectId.Of(entity.Metadata.Uid ?? ""), usageOf(entity), position);
                break;
            default:
                feed.Seen(ObjectId.Of(entity.Metadata.Uid ?? ""), usageOf(entity), position);
                break;
        }
    }

    public void OnLocalWrite(TEntity entity) =>
        feed.OnLocalWrite(ObjectId.Of(entity.Metadata.Uid ?? ""), usageOf(entity), Position(entity.Metadata.ResourceVersion));

    /// <summary>Resource versions of one kind are ascending numbers (KEP-5504). Zero for a version that is not a number.</summary>
    public static long Position(string? resourceVersion) =>
        long.TryParse(resourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : 0;
}
