using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Informers;

/// <summary>Objects by key and by declared indexes, under one lock that is never held across a call out.</summary>
internal sealed class Store<TEntity>(InformerOptions<TEntity> options) : IStore<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NamespacedName, TEntity> _objects = [];
    private readonly Dictionary<string, StoreIndex<TEntity>> _indexes =
        options.Indexes.ToDictionary(index => index.Key, index => new StoreIndex<TEntity>(index.Value), StringComparer.Ordinal);

    private readonly OwnWrites _own = new();

    /// <summary>Called with what own writes gave back, before it is looked at here.</summary>
    public Action<TEntity>? Written { get; init; }

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

    public void Observe(TEntity entity)
    {
        Written?.Invoke(entity);
        if (Admit(entity))
        {
            lock (_lock)
            {
                var key = NamespacedName.Of(entity);
                if (!_objects.ContainsKey(key) && !_own.IsAhead(entity))
                {
                    // The watch has been past it and it is not here: it was deleted since, and nobody would tell of that again.
                    return;
                }

                _own.Wrote(entity, isNews: PutLocked(entity, onlyIfNewer: true).Changed);
            }
        }
    }

    public void ObserveDeleted(TEntity entity)
    {
        lock (_lock)
        {
            var key = NamespacedName.Of(entity);
            _own.Deleted(entity);
            if (_objects.GetValueOrDefault(key)?.Metadata.Uid == entity.Metadata.Uid)
            {
                RemoveLocked(key);
            }
        }
    }

    /// <summary>Whether the object is to be kept; if so, it has been trimmed.</summary>
    public bool Admit(TEntity entity)
    {
        if (options.Keep?.Invoke(entity) == false)
        {
            return false;
        }

        options.Trim?.Invoke(entity);
        return true;
    }

    /// <summary>A watch has come to this version of some object. True if an own write brought it here before: then there is nothing to read.</summary>
    public bool IsKnown(string version)
    {
        lock (_lock)
        {
            return _own.IsKnown(version);
        }
    }

    /// <summary>A list begins: until it is complete, what own writes tell is not overruled by it.</summary>
    public void BeginList()
    {
        lock (_lock)
        {
            _own.BeginList();
        }
    }

    /// <summary>One object of a list. Believed even if it is older than what is there: a restored backup is.</summary>
    public (TEntity? Old, bool Changed) PutListed(TEntity entity)
    {
        lock (_lock)
        {
            return _own.HaveDeleted(entity) ? (null, false) : PutLocked(entity, onlyIfNewer: _own.HaveTouched(entity));
        }
    }

    /// <summary>A list of <paramref name="version"/> is complete: takes out what it lacks and gives it back.</summary>
    public IReadOnlyList<TEntity> EndList(HashSet<NamespacedName> listed, string? version)
    {
        lock (_lock)
        {
            var missing = _objects.Where(item => !listed.Contains(item.Key) && !_own.HaveMadeSince(item.Value, version)).ToList();
            _own.EndList(version);
            missing.ForEach(item => RemoveLocked(item.Key));
            return [.. missing.Select(item => item.Value)];
        }
    }

    /// <summary>The object that was there before, and whether this changed anything.</summary>
    public (TEntity? Old, bool Changed) PutIfNewer(TEntity entity)
    {
        lock (_lock)
        {
            _own.Come(entity.Metadata.ResourceVersion);
            return PutLocked(entity, onlyIfNewer: true);
        }
    }

    /// <summary>Takes out what a watch says was deleted. A namesake that an own write made since stays.</summary>
    public TEntity? Remove(TEntity deleted)
    {
        lock (_lock)
        {
            _own.Come(deleted.Metadata.ResourceVersion);
            var key = NamespacedName.Of(deleted);
            return _objects.TryGetValue(key, out var current) && current.Metadata.Uid != deleted.Metadata.Uid && Versions.IsNewer(current, deleted)
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

    private (TEntity? Old, bool Changed) PutLocked(TEntity entity, bool onlyIfNewer)
    {
        var key = NamespacedName.Of(entity);
        var old = _objects.GetValueOrDefault(key);
        if (old is not null && (Versions.AreSame(old, entity) || (onlyIfNewer && !Versions.IsNewer(entity, old))))
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
