using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Informers;

/// <summary>
/// A part of another source's objects, with indexes and handlers of its own; the objects are shared with it. Safe from any thread: changes
/// are taken in one after the other.
/// </summary>
/// <param name="indexes">Indexes by name, as those of an informer.</param>
public sealed class EntitySelection<TEntity>(IReadOnlyDictionary<string, Func<TEntity, IEnumerable<string>>> indexes) : IEntitySource<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Store<TEntity> _store = new(new InformerOptions<TEntity> { Indexes = indexes });
    private readonly List<Action<TEntity?, TEntity?>> _handlers = [];
    private readonly Lock _changing = new();

    public IStore<TEntity> Store => _store;

    public void AddHandler(Action<TEntity?, TEntity?> handler) => _handlers.Add(handler);

    /// <summary>The object is part of the selection. One that is older than what is there is ignored.</summary>
    public void Put(TEntity entity)
    {
        lock (_changing)
        {
            var (old, isChanged) = _store.PutIfNewer(entity);
            if (isChanged)
            {
                Tell(old, entity);
            }
        }
    }

    /// <summary>The object is not part of the selection, or no more.</summary>
    public void Remove(NamespacedName key)
    {
        lock (_changing)
        {
            if (_store.Remove(key) is { } old)
            {
                Tell(old, null);
            }
        }
    }

    private void Tell(TEntity? old, TEntity? now) => _handlers.ForEach(handler => handler(old, now));
}
