using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;

namespace Wayleave.Operator.Reconciling;

/// <summary>Writes statuses that differ from what they should be, takes the answer into the cache and records an Event.</summary>
internal sealed class StatusWriter(StatusApplier applier, ConditionEventRecorder events, StatusConflicts conflicts)
{
    /// <param name="store">The cache that <paramref name="entity"/> is from.</param>
    /// <param name="entity">The object as it was looked at.</param>
    /// <param name="change">An object with nothing but the new status; its metadata is filled in here.</param>
    /// <param name="isUnchanged">Whether the object's status says the same already.</param>
    /// <param name="conditions">Reads an object's conditions.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How long the write has to wait, as another writer keeps changing the status; null when there is nothing left to do.</returns>
    public async Task<TimeSpan?> WriteAsync<TEntity>(
        IStore<TEntity> store,
        TEntity entity,
        TEntity change,
        bool isUnchanged,
        Func<TEntity, List<V1Condition>?> conditions,
        CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (isUnchanged)
        {
            conflicts.Confirm(entity);
            return null;
        }

        if (conflicts.Remaining(entity) is var remaining && remaining > TimeSpan.Zero)
        {
            return remaining;
        }

        await WriteAsync(store, entity, change, conditions, cancellationToken);
        return null;
    }

    private async Task WriteAsync<TEntity>(
        IStore<TEntity> store, TEntity entity, TEntity change, Func<TEntity, List<V1Condition>?> conditions, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            var written = await applier.ApplyAsync(entity, change, StatusEquality.IsOurs, WayleaveLabels.FieldManager, cancellationToken);
            events.Tell(entity, change.Kind!, conditions(entity), conditions(change));
            conflicts.Written(entity, written);

            // The answer may already carry somebody's edit of the spec. Taken in here it would go unnoticed; the watch brings it.
            if (written.Metadata.Generation == entity.Metadata.Generation && written.Metadata.DeletionTimestamp == entity.Metadata.DeletionTimestamp)
            {
                store.ApplyLocalWrite(written);
            }
        }
        catch (KubernetesException error) when (error.IsNotFound || (error.IsConflict && IsGone(store, entity)))
        {
            // Deleted while it was looked at: there is nothing left to report on.
        }
    }

    private static bool IsGone<TEntity>(IStore<TEntity> store, TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        store.Get(NamespacedName.Of(entity))?.Metadata.Uid != entity.Metadata.Uid;
}
