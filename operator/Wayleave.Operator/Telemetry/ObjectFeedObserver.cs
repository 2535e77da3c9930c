using System.Globalization;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Operator.Telemetry;

/// <summary>Carries what an informer lists and watches into telemetry's feed: of each object a digest of its UID, and numbers.</summary>
internal sealed class ObjectFeedObserver<TEntity>(ObjectFeed feed, Func<TEntity, ObjectUsage> usageOf) : IListWatchObserver<TEntity>
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

    /// <summary>Resource versions of one kind are numbers that grow (KEP-5504). One that is none is before all: nothing can be resumed there.</summary>
    public static long Position(string? resourceVersion) =>
        long.TryParse(resourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : 0;
}
