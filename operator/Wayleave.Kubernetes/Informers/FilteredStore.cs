using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Informers;

/// <summary>
/// A subset of the objects of another source, with its own indexes and handlers. Thread-safe: changes are applied one at a time.
/// </summary>
public sealed class FilteredStore<TEntity>(IReadOnlyDictionary<string, Func<TEntity, IEnumerable<string>>> indexes) : IEntitySource<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Store<TEntity> _store = new(new InformerOptions<TEntity> { Indexes = indexes });
    private readonly Lock _changing = new();
    private Action<TEntity?, TEntity?>? _handlers;

    public IStore<TEntity> Store => _store;

    public void AddHandler(Action<TEntity?, TEntity?> handler) => _handlers += handler;

    /// <summary>Adds or replaces an object. Ignored if the stored one is newer.</summary>
    public void Put(TEntity entity)
    {
        lock (_changing)
        {
            var (old, isChanged) = _store.PutIfNewer(entity);
            if (isChanged)
            {
                _handlers?.Invoke(old, entity);
            }
        }
    }

    /// <summary>Does nothing if the object is not in the subset.</summary>
    public void Remove(NamespacedName key)
    {
        lock (_changing)
        {
            if (_store.Remove(key) is { } old)
            {
                _handlers?.Invoke(old, null);
            }
        }
    }
}
