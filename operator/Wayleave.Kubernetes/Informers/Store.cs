using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Informers;

/// <summary>Objects by key and by declared indexes, under one lock that is never held across a call out.</summary>
internal sealed class Store<TEntity>(IReadOnlyDictionary<string, Func<TEntity, IEnumerable<string>>> indexes) : IStore<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NamespacedName, TEntity> _objects = [];
    private readonly Dictionary<string, StoreIndex<TEntity>> _indexes =
        indexes.ToDictionary(index => index.Key, index => new StoreIndex<TEntity>(index.Value), StringComparer.Ordinal);

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

    public void Observe(TEntity entity) => Put(entity, onlyIfNewer: true);

    public void ObserveDeleted(TEntity entity)
    {
        lock (_lock)
        {
            var key = NamespacedName.Of(entity);
            if (_objects.GetValueOrDefault(key)?.Metadata.Uid == entity.Metadata.Uid)
            {
                RemoveLocked(key);
            }
        }
    }

    /// <summary>The object that was there before, and whether this changed anything.</summary>
    public (TEntity? Old, bool Changed) Put(TEntity entity, bool onlyIfNewer)
    {
        lock (_lock)
        {
            var key = NamespacedName.Of(entity);
            var old = _objects.GetValueOrDefault(key);
            if (old is not null && (SameVersion(old, entity) || (onlyIfNewer && !IsNewer(entity, old))))
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
    }

    public TEntity? Remove(NamespacedName key)
    {
        lock (_lock)
        {
            return RemoveLocked(key);
        }
    }

    public IReadOnlyList<NamespacedName> Keys()
    {
        lock (_lock)
        {
            return [.. _objects.Keys];
        }
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

    private static bool SameVersion(TEntity one, TEntity other) =>
        one.Metadata.ResourceVersion == other.Metadata.ResourceVersion && one.Metadata.Uid == other.Metadata.Uid;

    // Versions of one object are comparable numbers (KEP-5504); one that is not a number is taken as newer.
    private static bool IsNewer(TEntity candidate, TEntity current) =>
        !ulong.TryParse(candidate.Metadata.ResourceVersion, out var mine)
        || !ulong.TryParse(current.Metadata.ResourceVersion, out var theirs)
        || mine > theirs;
}
