using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;

namespace Wayleave.Operator.Reconciling;

/// <summary>Writes a status if it differs, stores the result in the cache and records an Event.</summary>
internal sealed class StatusWriter(IKubernetesClient client, ConditionEventRecorder events, StatusConflicts conflicts)
{
    /// <param name="status">The status that it should have.</param>
    /// <returns>How long to back off because another writer keeps changing the status. Null if nothing is left to do.</returns>
    public async Task<TimeSpan?> WriteAsync<TEntity, TStatus>(
        IStore<TEntity> store, TEntity entity, TStatus status, CancellationToken cancellationToken)
        where TEntity : class, IReportedKind<TEntity, TStatus>
        where TStatus : class, IConditionedStatus
    {
        if (StatusEquality.AreEqual(entity.Status, status))
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
            var written = await client.PatchStatusAsync<TEntity>(
                entity.Metadata.Name!, entity.Metadata.NamespaceProperty, BuildPatch<TEntity, TStatus>(entity, status), cancellationToken);
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

    // Conditions of others stay as they are: the version makes sure that none has changed. A replace would cost the API server a little
    // less, but in Kubernetes 1.20 one without a spec takes the ownership of its fields from those who applied them.
    private static V1Patch BuildPatch<TEntity, TStatus>(TEntity entity, TStatus status)
        where TEntity : class, IReportedKind<TEntity, TStatus>
        where TStatus : class, IConditionedStatus
    {
        var others = entity.Status?.Conditions?.FindAll(static condition => !StatusEquality.IsOurs(condition)) ?? [];
        status.Conditions = [.. status.Conditions ?? [], .. others];
        var json = (JsonTypeInfo<TStatus>)ApiJson.Default.GetTypeInfo(typeof(TStatus))!;
        return new JsonPatch(entity.Metadata.ResourceVersion).Set("/status", status, json).Build();
    }

    private static bool IsGone<TEntity>(IStore<TEntity> store, TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        store.Get(NamespacedName.From(entity))?.Metadata.Uid != entity.Metadata.Uid;
}
