using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Operator.Telemetry;

/// <summary>
/// Passes the namespaces of the map to telemetry: a namespace appears with its first counted object and disappears with its last. Runs on
/// the informer's task.
/// </summary>
internal sealed class ObservedNamespaceObserver(ObjectTracker tracker) : IListWatchObserver<ObservedIntents>
{
    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<ObjectId>> _objects = new(StringComparer.Ordinal);

    /// <summary>A digest of the name. It stays in the cluster, as those of UIDs do.</summary>
    public static ObjectId GetId(ObservedIntents observed) => ObjectId.FromUid($"namespace/{observed.Metadata.NamespaceProperty}");

    public void OnListStarted()
    {
        _positions.Clear();
        _objects.Clear();
        tracker.OnListStarted();
    }

    public void OnListed(ObservedIntents entity)
    {
        if (!Add(entity))
        {
            return;
        }

        // The latest version in the namespace, so that a namespace that appeared after the last count is newer than it.
        var name = entity.Metadata.NamespaceProperty ?? "";
        var position = Math.Max(_positions.GetValueOrDefault(name), GetPosition(entity));
        _positions[name] = position;
        tracker.OnListed(GetId(entity), ObjectUsage.Once, position);
    }

    public void OnListCompleted(string? resourceVersion) =>
        tracker.OnListCompleted(ObjectTrackerObserver<ObservedIntents>.ParsePosition(resourceVersion));

    public void OnWatchEvent(WatchEventType type, ObservedIntents entity)
    {
        var position = GetPosition(entity);
        if (type == WatchEventType.Deleted && Remove(entity))
        {
            tracker.OnDeleted(GetId(entity), ObjectUsage.Once, position);
        }
        else if (type is WatchEventType.Added or WatchEventType.Modified && Add(entity))
        {
            tracker.OnUpdated(GetId(entity), ObjectUsage.Once, position);
        }
        else
        {
            tracker.OnBookmark(position);
        }
    }

    public void OnLocalWrite(ObservedIntents entity)
    {
        // The operator does not write the map.
    }

    /// <returns>Whether the object is counted.</returns>
    private bool Add(ObservedIntents entity)
    {
        if (ObjectUsageReader.ReadNamespace(entity).IsNone)
        {
            return false;
        }

        var name = entity.Metadata.NamespaceProperty ?? "";
        if (!_objects.TryGetValue(name, out var objects))
        {
            _objects[name] = objects = [];
        }

        objects.Add(ObjectTrackerObserver<ObservedIntents>.GetId(entity));
        return true;
    }

    /// <returns>Whether it was the last object of its namespace.</returns>
    private bool Remove(ObservedIntents entity)
    {
        var name = entity.Metadata.NamespaceProperty ?? "";
        return _objects.TryGetValue(name, out var objects)
            && objects.Remove(ObjectTrackerObserver<ObservedIntents>.GetId(entity))
            && objects.Count == 0
            && _objects.Remove(name);
    }

    private static long GetPosition(ObservedIntents entity) =>
        ObjectTrackerObserver<ObservedIntents>.ParsePosition(entity.Metadata.ResourceVersion);
}
