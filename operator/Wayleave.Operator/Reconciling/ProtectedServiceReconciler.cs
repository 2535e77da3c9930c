using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Telemetry;

namespace Wayleave.Operator.Reconciling;

/// <summary>Reports on a ProtectedService once its server has been decided and written.</summary>
internal sealed class ProtectedServiceReconciler(
    ClusterCache cache, VerdictBoard board, StatusWriter statuses, TelemetryMarks marks, TimeProvider time)
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
        status.Telemetry = marks.Next(entity.Metadata, entity.Status?.Telemetry, entity.Status?.Conditions, status.Conditions);
        if (!StatusEquality.Same(entity.Status, status))
        {
            var change = new ProtectedService { Spec = null!, Status = status };
            await statuses.WriteAsync(cache.Protections.Store, entity, change, static service => service.Status?.Conditions, cancellationToken);
        }

        return ReconciliationResult.Done;
    }

    public Task<ReconciliationResult> DeletedAsync(ProtectedService entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult.Done);

    private static ProtectionVerdict? Judged(SubjectVerdicts verdicts, ProtectedService entity) =>
        verdicts.Protections.GetValueOrDefault(NamespacedName.Of(entity)) is { Verdicts: [var verdict, ..] } judged
        && judged.Uid == entity.Metadata.Uid && judged.Generation == (entity.Metadata.Generation ?? 0)
            ? verdict
            : null;
}
