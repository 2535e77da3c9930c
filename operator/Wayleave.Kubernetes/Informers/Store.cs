using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Informers;

/// <summary>Objects by key and by index. Thread-safe: one lock guards everything and is not held while handlers or observers run.</summary>
internal sealed class Store<TEntity>(InformerOptions<TEntity> options) : IStore<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NamespacedName, TEntity> _objects = [];
    private readonly Dictionary<string, StoreIndex<TEntity>> _indexes =
        options.Indexes.ToDictionary(index => index.Key, index => new StoreIndex<TEntity>(index.Value), StringComparer.Ordinal);

    private readonly WriteTracker _writes = new();

    /// <summary>Called with the result of our own write before it is stored.</summary>
    public Action<TEntity>? OnLocalWrite { get; init; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _objects.Count;
            }
        }
    }

    public TEntity? Get(NamespacedName key)
    {
        lock (_lock)
        {
            return _objects.GetValueOrDefault(key);
        }
    }

    public IReadOnlyList<TEntity> List()
    {
        lock (_lock)
        {
            return [.. _objects.Values];
        }
    }

    public IReadOnlyList<TEntity> ByIndex(string index, string value)
    {
        lock (_lock)
        {
            return _indexes[index].Find(value);
        }
    }

    public int CountByIndex(string index, string value)
    {
        lock (_lock)
        {
            return _indexes[index].Count(value);
        }
    }

    public void ApplyLocalWrite(TEntity entity)
    {
        OnLocalWrite?.Invoke(entity);
        if (TryTransform(entity))
        {
            lock (_lock)
            {
                var key = NamespacedName.From(entity);
                if (!_objects.ContainsKey(key) && !_writes.IsNewerThanObserved(entity))
                {
                    // The watch is already past this version, so the object has been deleted: do not resurrect it.
                    return;
                }

                _writes.RecordWrite(entity, hasChanged: PutLocked(entity, onlyIfNewer: true).HasChanged);
            }
        }
    }

    public void ApplyLocalDelete(TEntity entity)
    {
        lock (_lock)
        {
            var key = NamespacedName.From(entity);
            _writes.RecordDelete(entity);
            if (_objects.GetValueOrDefault(key)?.Metadata.Uid == entity.Metadata.Uid)
            {
                RemoveLocked(key);
            }
        }
    }

    /// <summary>False if the filter rejects the object. Otherwise transforms it in place.</summary>
    public bool TryTransform(TEntity entity)
    {
        if (options.Filter?.Invoke(entity) == false)
        {
            return false;
        }

        options.Transform?.Invoke(entity);
        return true;
    }

    /// <summary>
    /// The watch reached this version. True if the store already has it from our own write, so that the event need not be parsed.
    /// </summary>
    public bool IsKnown(string version)
    {
        lock (_lock)
        {
            return _writes.TryMatch(version);
        }
    }

    /// <summary>From here to <see cref="EndList"/>, our own writes win over listed objects.</summary>
    public void BeginList()
    {
        lock (_lock)
        {
            _writes.BeginList();
        }
    }

    /// <summary>Stores a listed object, even if it is older than the stored one: the cluster may be a restored backup.</summary>
    public (TEntity? Old, bool HasChanged) PutListed(TEntity entity)
    {
        lock (_lock)
        {
            return _writes.WasDeleted(entity) ? (null, false) : PutLocked(entity, onlyIfNewer: _writes.WasWritten(entity));
        }
    }

    /// <summary>Removes and returns the objects that the complete list of <paramref name="version"/> does not contain.</summary>
    public IReadOnlyList<TEntity> EndList(HashSet<NamespacedName> listed, string? version)
    {
        lock (_lock)
        {
            var missing = _objects.Where(item => !listed.Contains(item.Key) && !_writes.WasCreatedAfter(item.Value, version)).ToList();
            _writes.EndList(version);
            missing.ForEach(item => RemoveLocked(item.Key));
            return [.. missing.Select(item => item.Value)];
        }
    }

    /// <summary>
    /// Stores an object from the watch unless the stored one is newer. Returns the previous object and whether the store changed.
    /// </summary>
    public (TEntity? Old, bool HasChanged) PutIfNewer(TEntity entity)
    {
        lock (_lock)
        {
            _writes.MarkObserved(entity.Metadata.ResourceVersion);
            return PutLocked(entity, onlyIfNewer: true);
        }
    }

    /// <summary>Removes an object that the watch reports as deleted. An object of the same name that we created since then stays.</summary>
    public TEntity? Remove(TEntity deleted)
    {
        lock (_lock)
        {
            _writes.MarkObserved(deleted.Metadata.ResourceVersion);
            var key = NamespacedName.From(deleted);
            return _objects.TryGetValue(key, out var current)
                && current.Metadata.Uid != deleted.Metadata.Uid
                && ResourceVersionComparer.IsNewer(current, deleted)
                ? null
                : RemoveLocked(key);
        }
    }

    public TEntity? Remove(NamespacedName key)
    {
        lock (_lock)
        {
            return RemoveLocked(key);
        }
    }

    private (TEntity? Old, bool HasChanged) PutLocked(TEntity entity, bool onlyIfNewer)
    {
        var key = NamespacedName.From(entity);
        var old = _objects.GetValueOrDefault(key);
        if (old is not null
            && (ResourceVersionComparer.AreSame(old, entity) || (onlyIfNewer && !ResourceVersionComparer.IsNewer(entity, old))))
        {
            return (old, false);
        }

        RemoveLocked(key);
        _objects[key] = entity;
        foreach (var index in _indexes.Values)
        {
            index.Add(entity);
        }

        return (old, true);
    }

    private TEntity? RemoveLocked(NamespacedName key)
    {
        if (!_objects.Remove(key, out var old))
        {
            return null;
        }

        foreach (var index in _indexes.Values)
        {
            index.Remove(old);
        }

        return old;
    }
}
