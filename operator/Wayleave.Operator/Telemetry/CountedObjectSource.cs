using System.Globalization;
using k8s;
using k8s.Models;
using Wayleave.Api;
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
    private readonly ObjectTrackerSet _trackers;
    private readonly IKubernetesClient _client;
    private readonly TimeProvider _time;
    private Action? _attach;

    public CountedObjectSource(
        DeclarationCache declarations, ClusterCache cache, ObjectTrackerSet trackers, IKubernetesClient client, TimeProvider time)
    {
        (_trackers, _client, _time) = (trackers, client, time);
        Add(CountedKindCatalog.Intents, declarations.Intents, ObjectUsageReader.Read);
        Add(CountedKindCatalog.ProtectedServices, declarations.Protections, ObjectUsageReader.Read);
        Add(CountedKindCatalog.EnforcementPolicies, declarations.Enforcements, ObjectUsageReader.Read);
        Add(CountedKindCatalog.KafkaServerConfigs, declarations.KafkaServers, ObjectUsageReader.Read);
        Add(CountedKindCatalog.Clusters, declarations.Clusters, ObjectUsageReader.Read);
        Add(CountedKindCatalog.NetworkPolicies, cache.Policies, policy => ObjectUsageReader.Read(policy, cache.Owner));
        if (declarations.Observed is { } observed)
        {
            AddMap(observed);
        }
    }

    /// <summary>Attaches observers to the informers. Call once, before they run.</summary>
    public void Attach() => _attach?.Invoke();

    public Task<ObjectHistory> ReadAsync(CountedKind kind, long after, long upTo, CancellationToken cancellationToken) =>
        _histories[kind](after, upTo, cancellationToken);

    // Its namespaces are counted from the same watch. A deletion in the history of a namespace that still has objects is ignored.
    private void AddMap(OptionalInformer<ObservedIntents> informer)
    {
        _histories[CountedKindCatalog.ObservedIntents] =
            new WatchHistory<ObservedIntents>(_client, ObjectUsageReader.Read, _time).ReadAsync;
        _histories[CountedKindCatalog.ObservedNamespaces] = new WatchHistory<ObservedIntents>(
            _client, ObjectUsageReader.ReadNamespace, _time, ObservedNamespaceObserver.GetId).ReadAsync;
        _attach += () =>
        {
            informer.AddObserver(
                new ObjectTrackerObserver<ObservedIntents>(_trackers.Get(CountedKindCatalog.ObservedIntents), ObjectUsageReader.Read));
            informer.AddObserver(new ObservedNamespaceObserver(_trackers.Get(CountedKindCatalog.ObservedNamespaces)));
        };
    }

    private void Add<TEntity>(CountedKind kind, Informer<TEntity> informer, Func<TEntity, ObjectUsage> readUsage)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        _histories[kind] = new WatchHistory<TEntity>(_client, readUsage, _time).ReadAsync;
        _attach += () => informer.AddObserver(new ObjectTrackerObserver<TEntity>(_trackers.Get(kind), readUsage));
    }
}

/// <summary>Passes list and watch events of an informer to telemetry: for each object a digest of its UID and its counts.</summary>
internal sealed class ObjectTrackerObserver<TEntity>(ObjectTracker tracker, Func<TEntity, ObjectUsage> readUsage)
    : IListWatchObserver<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public void OnListStarted() => tracker.OnListStarted();

    public void OnListed(TEntity entity) =>
        tracker.OnListed(GetId(entity), readUsage(entity), ParsePosition(entity.Metadata.ResourceVersion));

    public void OnListCompleted(string? resourceVersion) => tracker.OnListCompleted(ParsePosition(resourceVersion));

    public void OnWatchEvent(WatchEventType type, TEntity entity)
    {
        var position = ParsePosition(entity.Metadata.ResourceVersion);
        switch (type)
        {
            case WatchEventType.Bookmark:
                tracker.OnBookmark(position);
                break;
            case WatchEventType.Deleted:
                tracker.OnDeleted(GetId(entity), readUsage(entity), position);
                break;
            default:
                tracker.OnUpdated(GetId(entity), readUsage(entity), position);
                break;
        }
    }

    public void OnLocalWrite(TEntity entity) =>
        tracker.OnLocalWrite(GetId(entity), readUsage(entity), ParsePosition(entity.Metadata.ResourceVersion));

    public static ObjectId GetId(TEntity entity) => ObjectId.FromUid(entity.Metadata.Uid ?? "");

    /// <summary>Resource versions of one kind are ascending numbers (KEP-5504). Zero for a version that is not a number.</summary>
    public static long ParsePosition(string? resourceVersion) =>
        long.TryParse(resourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : 0;
}
