using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Reconciling;

/// <summary>Reports on a ProtectedService once its server has been decided and written.</summary>
internal sealed class ProtectedServiceReconciler(
    ClusterCache cache, VerdictBoard board, StatusWriter statuses, AppliedKinds applied, TimeProvider time)
    : IEntityController<ProtectedService>
{
    public async Task<ReconciliationResult> ReconcileAsync(ProtectedService entity, CancellationToken cancellationToken)
    {
        var server = DeclaredProtection.Server(entity);
        var judged = server is { } key ? Judged(board.Of(key), entity) : null;
        if (entity.Metadata.DeletionTimestamp is not null || (server is not null && judged is null))
        {
            return ReconciliationResult.Waiting;
        }

        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var status = ProtectionSummary.Summarize(entity, judged, now);
        if (!StatusEquality.Same(entity.Status, status))
        {
            var change = new ProtectedService { Spec = null!, Status = status };
            await statuses.WriteAsync(cache.Protections.Store, entity, change, static service => service.Status?.Conditions, cancellationToken);
        }

        applied.Protections.Observed(entity.Metadata, entity.Status?.Conditions, status.Conditions);
        return ReconciliationResult.Done;
    }

    public Task<ReconciliationResult> DeletedAsync(ProtectedService entity, CancellationToken cancellationToken)
    {
        var key = DeclaredProtection.Server(entity);
        var remains = key is { } server && board.Of(server).Protections.GetValueOrDefault(NamespacedName.Of(entity))?.Uid == entity.Metadata.Uid;
        if (!remains)
        {
            applied.Protections.Deleted(entity.Metadata);
        }

        return Task.FromResult(remains ? ReconciliationResult.Waiting : ReconciliationResult.Done);
    }

    private static ProtectionVerdict? Judged(SubjectVerdicts verdicts, ProtectedService entity) =>
        verdicts.Protections.GetValueOrDefault(NamespacedName.Of(entity)) is { Verdicts: [var verdict, ..] } judged
        && judged.Uid == entity.Metadata.Uid && judged.Generation == (entity.Metadata.Generation ?? 0)
            ? verdict
            : null;
}
