using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Informers;

/// <summary>Carries what was listed and watched into the store and tells the handlers of it. Used by one task.</summary>
internal sealed class StoreUpdater<TEntity>(InformerOptions<TEntity> options)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly List<Action<TEntity?, TEntity?>> _handlers = [];

    public Store<TEntity> Store { get; } = new(options.Indexes);

    public void AddHandler(Action<TEntity?, TEntity?> handler) => _handlers.Add(handler);

    public void Take(WatchEvent<TEntity> change)
    {
        switch (change.Type)
        {
            case WatchEventType.Added or WatchEventType.Modified:
                Put(change.Entity, onlyIfNewer: true);
                break;
            case WatchEventType.Deleted:
                Remove(NamespacedName.Of(change.Entity), change.Entity);
                break;
            default:
                break;
        }
    }

    public void Put(TEntity entity, bool onlyIfNewer)
    {
        if (options.Keep?.Invoke(entity) == false)
        {
            Remove(NamespacedName.Of(entity), lastSeen: null);
            return;
        }

        options.Trim?.Invoke(entity);
        var (old, changed) = Store.Put(entity, onlyIfNewer);
        if (!changed)
        {
            return;
        }

        if (old is not null && old.Metadata.Uid != entity.Metadata.Uid)
        {
            // Deleted and made anew between two looks: both happened.
            Tell(old, null);
            old = null;
        }

        Tell(old, entity);
    }

    /// <summary>What is in the store but not in a complete list was deleted while nobody was listening.</summary>
    public void RemoveMissing(HashSet<NamespacedName> listed)
    {
        foreach (var key in Store.Keys())
        {
            if (!listed.Contains(key))
            {
                Remove(key, lastSeen: null);
            }
        }
    }

    // An object that a delete of our own took out of the store already is still told of, as the watch saw it last.
    private void Remove(NamespacedName key, TEntity? lastSeen)
    {
        if (Store.Remove(key) is { } stored)
        {
            Tell(stored, null);
        }
        else if (lastSeen is not null && options.Keep?.Invoke(lastSeen) != false)
        {
            Tell(lastSeen, null);
        }
    }

    private void Tell(TEntity? old, TEntity? now)
    {
        foreach (var handler in _handlers)
        {
            handler(old, now);
        }
    }
}
