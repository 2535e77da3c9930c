using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;

namespace Wayleave.Operator.Reconciling;

/// <summary>Writes a status if it differs, stores the result in the cache and records an Event.</summary>
internal sealed class StatusWriter(StatusApplier applier, ConditionEventRecorder events, StatusConflicts conflicts)
{
    /// <param name="store">The cache of the object.</param>
    /// <param name="entity">The object that the status is about.</param>
    /// <param name="status">The status that it should have.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How long to back off because another writer keeps changing the status. Null if nothing is left to do.</returns>
    public async Task<TimeSpan?> WriteAsync<TEntity, TStatus>(
        IStore<TEntity> store, TEntity entity, TStatus status, CancellationToken cancellationToken)
        where TEntity : class, IReportedKind<TEntity, TStatus>
        where TStatus : class, IConditionedStatus
    {
        if (StatusEquality.Same(entity.Status, status))
        {
            conflicts.Confirm(entity);
            return null;
        }

        if (conflicts.Remaining(entity) is var remaining && remaining > TimeSpan.Zero)
        {
            return remaining;
        }

        try
        {
            var written = await applier.ApplyAsync(entity, status, StatusEquality.IsOurs, WayleaveLabels.FieldManager, cancellationToken);
            events.RecordTransition(entity, typeof(TEntity).Name, entity.Status?.Conditions, status.Conditions);
            conflicts.Written(entity, written);

            // Do not store a response that already carries a newer spec: handlers would not see that change. The watch delivers it.
            if (written.Metadata.Generation == entity.Metadata.Generation
                && written.Metadata.DeletionTimestamp == entity.Metadata.DeletionTimestamp)
            {
                store.ApplyLocalWrite(written);
            }
        }
        catch (KubernetesException error) when (error.IsNotFound || (error.IsConflict && IsGone(store, entity)))
        {
            // Deleted in the meantime.
        }

        return null;
    }

    private static bool IsGone<TEntity>(IStore<TEntity> store, TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        store.Get(NamespacedName.Of(entity))?.Metadata.Uid != entity.Metadata.Uid;
}

/// <summary>
/// Applies a status and keeps the conditions of others. An API server of 1.20 does not know that the list of conditions is a map where the
/// kind has ports that are numbers or texts: an apply replaces all of it, so that it has to carry the conditions of others too. Elsewhere
/// it must not: it would take them over. A dry run says which is the case, once, before the first write that matters. Thread-safe.
/// </summary>
internal sealed class StatusApplier(IKubernetesClient client)
{
    private volatile Lists _lists;

    private enum Lists
    {
        Unknown,
        Merged,
        Replaced,
    }

    /// <param name="entity">The object that the status is about.</param>
    /// <param name="status">The status to apply.</param>
    /// <param name="isOurs">Whether this field manager owns a condition.</param>
    /// <param name="fieldManager">Under which the status is applied.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    /// <exception cref="KubernetesException">For example a conflict, if the object changed in the meantime.</exception>
    public async Task<TEntity> ApplyAsync<TEntity, TStatus>(
        TEntity entity, TStatus status, Func<V1Condition, bool> isOurs, string fieldManager, CancellationToken cancellationToken)
        where TEntity : class, IReportedKind<TEntity, TStatus>
        where TStatus : class, IConditionedStatus
    {
        var change = TEntity.WithStatus(status);
        change.Metadata.Name = entity.Metadata.Name;
        change.Metadata.NamespaceProperty = entity.Metadata.NamespaceProperty;
        change.Metadata.Uid = entity.Metadata.Uid;

        // Old API servers do not check the UID here. The version also makes sure that the status is about this state of the object.
        change.Metadata.ResourceVersion = entity.Metadata.ResourceVersion;
        if (entity.Status?.Conditions?.FindAll(condition => !isOurs(condition)) is { Count: > 0 } others)
        {
            if (_lists == Lists.Unknown)
            {
                var stored = (await client.ApplyStatusAsync(change, fieldManager, dryRun: true, cancellationToken)).Status?.Conditions;
                _lists = others.TrueForAll(condition => stored?.Exists(other => other.Type == condition.Type) == true)
                    ? Lists.Merged
                    : Lists.Replaced;
            }

            if (_lists == Lists.Replaced)
            {
                status.Conditions = [.. status.Conditions ?? [], .. others];
            }
        }

        return await client.ApplyStatusAsync(change, fieldManager, dryRun: false, cancellationToken);
    }
}
