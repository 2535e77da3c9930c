using System.Collections.Concurrent;
using System.Collections.Immutable;
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
    private readonly ConcurrentDictionary<NamespacedName, ImmutableQueue<TEntity>> _deleted = new();

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
            _deleted.AddOrUpdate(key, static (_, added) => [added], static (_, gone, added) => gone.Enqueue(added), entity);
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

    private TEntity? PeekDeleted(NamespacedName key) => _deleted.TryGetValue(key, out var gone) ? gone.Peek() : null;

    private void Forget(NamespacedName key)
    {
        var left = _deleted.AddOrUpdate(key, static _ => [], static (_, gone) => gone.Dequeue());
        if (left.IsEmpty)
        {
            // Unless another one was deleted meanwhile.
            _deleted.TryRemove(KeyValuePair.Create(key, left));
        }
    }
}
