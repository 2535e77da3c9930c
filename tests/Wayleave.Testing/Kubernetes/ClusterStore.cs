using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Testing.Kubernetes;

/// <summary>
/// The objects of a <see cref="FakeCluster"/> as JSON, with the bookkeeping of an API server: UIDs, versions, generations, deletion that waits
/// for finalizers, and namespaces that must exist. Thread-safe.
/// </summary>
internal sealed class ClusterStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, JsonObject> _objects = [];
    private readonly Dictionary<string, ClusterHistory> _histories = new(StringComparer.Ordinal);
    private long _version = 1;

    /// <summary>The version of the last change to any object.</summary>
    public long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    public JsonObject? Get(ObjectKey key)
    {
        lock (_lock)
        {
            return _objects.GetValueOrDefault(key);
        }
    }

    /// <summary>The objects of a kind in the order of their names, and the version of the list.</summary>
    public (IReadOnlyList<JsonObject> Objects, long Version) List(string resource)
    {
        lock (_lock)
        {
            return ([.. Of(resource).Select(item => item.Value)], _version);
        }
    }

    /// <summary>Lists all objects in a namespace.</summary>
    public IReadOnlyList<ObjectKey> ListIn(string @namespace)
    {
        lock (_lock)
        {
            return [.. _objects.Keys.Where(key => key.Namespace == @namespace)];
        }
    }

    /// <summary>
    /// Changes an object atomically. The function gets the current object, which it must not modify, and returns the new one, or null to delete it.
    /// A change without effect is not recorded.
    /// </summary>
    /// <returns>The new object. Null when it is deleted.</returns>
    public JsonObject? Change(ObjectKey key, Func<JsonObject?, JsonObject?> change)
    {
        lock (_lock)
        {
            var old = _objects.GetValueOrDefault(key);
            var now = change(old);
            if (now is null || ObjectStamp.IsReleased(now))
            {
                return old is null ? null : Remove(key, old);
            }

            RefuseInNoNamespace(key, old);
            if (JsonNode.DeepEquals(old, now))
            {
                return old;
            }

            ObjectStamp.Put(now, old, ++_version);
            _objects[key] = now;
            History(key.Resource).Add(new ClusterChange(_version, old is null ? WatchEventType.Added : WatchEventType.Modified, now));
            return now;
        }
    }

    /// <exception cref="KubernetesException">410: the version is no longer kept.</exception>
    public ClusterWatch Watch(string resource, string? version)
    {
        lock (_lock)
        {
            return History(resource).Open(long.Parse(version ?? "0", CultureInfo.InvariantCulture)) ?? throw ClusterRefusal.Gone();
        }
    }

    public void EndWatches(bool forget)
    {
        lock (_lock)
        {
            foreach (var history in _histories.Values)
            {
                history.End(forget ? _version : 0);
            }
        }
    }

    public bool IsHeard(string resource)
    {
        lock (_lock)
        {
            return History(resource).IsHeard;
        }
    }

    private JsonObject? Remove(ObjectKey key, JsonObject old)
    {
        var last = old.DeepClone().AsObject();
        last["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        _objects.Remove(key);
        History(key.Resource).Add(new ClusterChange(_version, WatchEventType.Deleted, last));
        return null;
    }

    private void RefuseInNoNamespace(ObjectKey key, JsonObject? old)
    {
        if (old is null && key.Namespace.Length > 0)
        {
            var @namespace = new ObjectKey("namespaces", "", key.Namespace);
            var home = _objects.GetValueOrDefault(@namespace) ?? throw ClusterRefusal.NotFound(@namespace);
            if (home["metadata"]!["deletionTimestamp"] is not null)
            {
                throw ClusterRefusal.Terminating(key);
            }
        }
    }

    private IOrderedEnumerable<KeyValuePair<ObjectKey, JsonObject>> Of(string resource) => _objects
        .Where(item => item.Key.Resource == resource)
        .OrderBy(item => item.Key.Namespace, StringComparer.Ordinal)
        .ThenBy(item => item.Key.Name, StringComparer.Ordinal);

    private ClusterHistory History(string resource)
    {
        if (!_histories.TryGetValue(resource, out var history))
        {
            _histories[resource] = history = new ClusterHistory(_lock);
        }

        return history;
    }
}
