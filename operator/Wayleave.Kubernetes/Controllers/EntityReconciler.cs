using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Queue;
using Wayleave.Kubernetes.Tracing;

namespace Wayleave.Kubernetes.Controllers;

/// <summary>
/// Looks up the entity of a key and calls its controller. Keeps each deleted entity until
/// <see cref="IEntityController{TEntity}.DeletedAsync"/> is done. Thread-safe.
/// </summary>
public sealed class EntityReconciler<TEntity>(
    IEntityController<TEntity> controller, IStore<TEntity> store, RateLimitingQueue<NamespacedName> queue, Func<bool>? isActive = null)
    : IReconciler<NamespacedName>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NamespacedName, Queue<TEntity>> _deleted = [];

    /// <summary>The informer's handler.</summary>
    public void HandleChange(TEntity? old, TEntity? now)
    {
        if ((now ?? old) is not { } entity)
        {
            return;
        }

        var key = NamespacedName.From(entity);
        // The leader handles deletions; a standby does not keep them.
        if (now is null && isActive?.Invoke() != false)
        {
            Remember(key, entity);
        }

        queue.Add(key);
    }

    public async Task<ReconciliationResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        // Several entities may have had this name one after the other. Report each.
        while (PeekDeleted(key) is { } gone)
        {
            var result = await controller.DeletedAsync(gone, cancellationToken);
            if (result != ReconciliationResult.Done)
            {
                return result;
            }

            Forget(key);
        }

        if (store.Get(key) is not { } entity)
        {
            return ReconciliationResult.Done;
        }

        TraceParentAnnotation.LinkCurrentSpan(entity);
        return await controller.ReconcileAsync(entity, cancellationToken);
    }

    private void Remember(NamespacedName key, TEntity entity)
    {
        lock (_lock)
        {
            if (!_deleted.TryGetValue(key, out var gone))
            {
                _deleted[key] = gone = new Queue<TEntity>(1);
            }

            gone.Enqueue(entity);
        }
    }

    private TEntity? PeekDeleted(NamespacedName key)
    {
        lock (_lock)
        {
            return _deleted.GetValueOrDefault(key)?.Peek();
        }
    }

    private void Forget(NamespacedName key)
    {
        lock (_lock)
        {
            _deleted[key].Dequeue();
            if (_deleted[key].Count == 0)
            {
                _deleted.Remove(key);
            }
        }
    }
}
