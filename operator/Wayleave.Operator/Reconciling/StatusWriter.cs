using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Reconciling;

/// <summary>Writes statuses, takes the answer into the cache and tells of it in an Event.</summary>
internal sealed class StatusWriter(IKubernetesClient client, ConditionEvents events)
{
    /// <param name="store">The cache that <paramref name="entity"/> is from.</param>
    /// <param name="entity">The object as it was looked at.</param>
    /// <param name="change">An object with nothing but the new status; its metadata is filled in here.</param>
    /// <param name="conditions">Reads an object's conditions.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task WriteAsync<TEntity>(
        IStore<TEntity> store, TEntity entity, TEntity change, Func<TEntity, List<V1Condition>?> conditions, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        change.Metadata.Name = entity.Metadata.Name;
        change.Metadata.NamespaceProperty = entity.Metadata.NamespaceProperty;
        change.Metadata.Uid = entity.Metadata.Uid;

        // Old API servers check no uid here, and the version says more: what was decided is about just this state of the object.
        change.Metadata.ResourceVersion = entity.Metadata.ResourceVersion;
        try
        {
            var written = await client.ApplyStatusAsync(change, cancellationToken);
            events.Tell(entity, change.Kind!, conditions(entity), conditions(change));

            // The answer may already carry somebody's edit of the spec. Taken in here it would go unnoticed; the watch brings it.
            if (written.Metadata.Generation == entity.Metadata.Generation && written.Metadata.DeletionTimestamp == entity.Metadata.DeletionTimestamp)
            {
                store.Observe(written);
            }
        }
        catch (KubernetesException error) when (error.IsNotFound || (error.IsConflict && IsGone(store, entity)))
        {
            // Deleted while it was looked at: there is nobody left to tell.
        }
    }

    private static bool IsGone<TEntity>(IStore<TEntity> store, TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        store.Get(NamespacedName.Of(entity))?.Metadata.Uid != entity.Metadata.Uid;
}
