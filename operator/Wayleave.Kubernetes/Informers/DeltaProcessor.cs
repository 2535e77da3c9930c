using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Kubernetes.Informers;

/// <summary>Applies list and watch events to the store and notifies handlers. Used by one task at a time.</summary>
internal sealed class DeltaProcessor<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly List<IListWatchObserver<TEntity>> _observers = [];
    private Action<TEntity?, TEntity?>? _handlers;

    public DeltaProcessor(InformerOptions<TEntity> options) => Store = new Store<TEntity>(options)
    {
        OnLocalWrite = entity => _observers.ForEach(observer => observer.OnLocalWrite(entity)),
    };

    public Store<TEntity> Store { get; }

    public void AddHandler(Action<TEntity?, TEntity?> handler) => _handlers += handler;

    public void AddObserver(IListWatchObserver<TEntity> observer) => _observers.Add(observer);

    public void Process(WatchEvent<TEntity> change)
    {
        _observers.ForEach(observer => observer.OnWatchEvent(change.Type, change.Entity));
        switch (change.Type)
        {
            case WatchEventType.Added or WatchEventType.Modified when Store.TryTransform(change.Entity):
                Notify(Store.PutIfNewer(change.Entity), change.Entity);
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
        _observers.ForEach(static observer => observer.OnListStarted());
        Store.BeginList();
    }

    public void ProcessListed(TEntity entity)
    {
        _observers.ForEach(observer => observer.OnListed(entity));
        if (Store.TryTransform(entity))
        {
            Notify(Store.PutListed(entity), entity);
        }
        else
        {
            Drop(entity);
        }
    }

    /// <summary>Removes objects that are missing from the complete list: they were deleted between two watches.</summary>
    public void EndList(HashSet<NamespacedName> listed, string? version)
    {
        _observers.ForEach(observer => observer.OnListCompleted(version));
        foreach (var missing in Store.EndList(listed, version))
        {
            _handlers?.Invoke(missing, null);
        }
    }

    // The object exists, but the filter now rejects it.
    private void Drop(TEntity entity)
    {
        if (Store.Remove(NamespacedName.From(entity)) is { } stored)
        {
            _handlers?.Invoke(stored, null);
        }
    }

    // Still notify handlers when our own delete already removed the object from the store.
    private void Remove(TEntity lastSeen)
    {
        if (Store.Remove(lastSeen) is { } stored)
        {
            _handlers?.Invoke(stored, null);
        }
        else if (Store.TryTransform(lastSeen))
        {
            _handlers?.Invoke(lastSeen, null);
        }
    }

    private void Notify((TEntity? Old, bool HasChanged) put, TEntity now)
    {
        if (!put.HasChanged)
        {
            return;
        }

        if (put.Old is not null && put.Old.Metadata.Uid != now.Metadata.Uid)
        {
            // Deleted and recreated between two events: report both.
            _handlers?.Invoke(put.Old, null);
            put.Old = null;
        }

        _handlers?.Invoke(put.Old, now);
    }
}
