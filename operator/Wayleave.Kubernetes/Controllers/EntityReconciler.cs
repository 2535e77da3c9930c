using System.Collections.Concurrent;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Queue;

namespace Wayleave.Kubernetes.Controllers;

/// <summary>Turns keys back into entities, and remembers deleted ones until their controller is done with them.</summary>
public sealed class EntityReconciler<TEntity>(
    IEntityController<TEntity> controller, IStore<TEntity> store, RateLimitingQueue<NamespacedName> queue) : IReconciler<NamespacedName>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly ConcurrentDictionary<NamespacedName, TEntity> _deleted = new();

    /// <summary>To be added as a handler of the kind's informer.</summary>
    public void Changed(TEntity? old, TEntity? now)
    {
        if ((now ?? old) is not { } entity)
        {
            return;
        }

        var key = NamespacedName.Of(entity);
        if (now is null)
        {
            _deleted[key] = entity;
        }

        queue.Add(key);
    }

    public async Task<ReconciliationResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_deleted.TryGetValue(key, out var gone))
        {
            var result = await controller.DeletedAsync(gone, cancellationToken);
            if (result != ReconciliationResult.Done)
            {
                return result;
            }

            _deleted.TryRemove(KeyValuePair.Create(key, gone));
        }

        return store.Get(key) is { } entity ? await controller.ReconcileAsync(entity, cancellationToken) : ReconciliationResult.Done;
    }
}
