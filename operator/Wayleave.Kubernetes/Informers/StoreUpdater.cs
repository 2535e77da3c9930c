using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Kubernetes.Informers;

/// <summary>Carries what was listed and watched into the store and tells the handlers of it. Used by one task.</summary>
internal sealed class StoreUpdater<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly List<Action<TEntity?, TEntity?>> _handlers = [];
    private readonly List<IListWatchObserver<TEntity>> _observers = [];

    public StoreUpdater(InformerOptions<TEntity> options) => Store = new Store<TEntity>(options)
    {
        Written = entity => _observers.ForEach(observer => observer.Written(entity)),
    };

    public Store<TEntity> Store { get; }

    public void AddHandler(Action<TEntity?, TEntity?> handler) => _handlers.Add(handler);

    public void AddObserver(IListWatchObserver<TEntity> observer) => _observers.Add(observer);

    public void Take(WatchEvent<TEntity> change)
    {
        _observers.ForEach(observer => observer.Watched(change.Type, change.Entity));
        switch (change.Type)
        {
            case WatchEventType.Added or WatchEventType.Modified when Store.Admit(change.Entity):
                Tell(Store.PutIfNewer(change.Entity), change.Entity);
                break;
            case WatchEventType.Added or WatchEventType.Modified:
                Drop(change.Entity);
                break;
            case WatchEventType.Deleted:
                Remove(change.Entity);
                break;
            default:
                break;
        }
    }

    public void BeginList()
    {
        _observers.ForEach(static observer => observer.ListBegan());
        Store.BeginList();
    }

    public void TakeListed(TEntity entity)
    {
        _observers.ForEach(observer => observer.Listed(entity));
        if (Store.Admit(entity))
        {
            Tell(Store.PutListed(entity), entity);
        }
        else
        {
            Drop(entity);
        }
    }

    /// <summary>What is in the store but not in a complete list was deleted while nobody was listening.</summary>
    public void EndList(HashSet<NamespacedName> listed, string? version)
    {
        _observers.ForEach(observer => observer.ListEnded(version));
        foreach (var missing in Store.EndList(listed, version))
        {
            Tell(missing, null);
        }
    }

    // It is still there, but no longer to be kept.
    private void Drop(TEntity entity)
    {
        if (Store.Remove(NamespacedName.Of(entity)) is { } stored)
        {
            Tell(stored, null);
        }
    }

    // An object that a delete of our own took out of the store already is still told of, as the watch saw it last.
    private void Remove(TEntity lastSeen)
    {
        if (Store.Remove(lastSeen) is { } stored)
        {
            Tell(stored, null);
        }
        else if (Store.Admit(lastSeen))
        {
            Tell(lastSeen, null);
        }
    }

    private void Tell((TEntity? Old, bool Changed) put, TEntity now)
    {
        if (!put.Changed)
        {
            return;
        }

        if (put.Old is not null && put.Old.Metadata.Uid != now.Metadata.Uid)
        {
            // Deleted and made anew between two looks: both happened.
            Tell(put.Old, null);
            Tell(null, now);
            return;
        }

        Tell(put.Old, now);
    }

    private void Tell(TEntity? old, TEntity? now)
    {
        foreach (var handler in _handlers)
        {
            handler(old, now);
        }
    }
}
