using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Telemetry;

namespace Wayleave.Operator.Reconciling;

/// <summary>Reports on a ProtectedService once its server has been decided and written.</summary>
internal sealed class ProtectedServiceReconciler(
    DeclarationCache declarations, ClusterResults results, SecondInstallation second, StatusWriter statuses, TelemetryMarkCalculator marks, TimeProvider time)
    : IEntityController<ProtectedService>
{
    public async Task<ReconciliationResult> ReconcileAsync(ProtectedService entity, CancellationToken cancellationToken)
    {
        var judged = DeclaredProtection.Server(entity) is null ? [] : results.Of(entity);
        if (entity.Metadata.DeletionTimestamp is not null || judged is null)
        {
            return ReconciliationResult.Waiting;
        }

        if (await second.StandBackAsync(entity, cancellationToken) is { } standsBack)
        {
            return standsBack;
        }

        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var status = ProtectionSummary.Summarize(entity, judged, now);
        status.Telemetry = marks.Next(entity.Metadata, entity.Status?.Telemetry, entity.Status?.Conditions, status.Conditions);
        var change = new ProtectedService { Spec = null!, Status = status };
        var isUnchanged = StatusEquality.Same(entity.Status, status);
        return await statuses.WriteAsync(declarations.Protections.Store, entity, change, isUnchanged, static service => service.Status?.Conditions, cancellationToken) is { } wait
            ? ReconciliationResult.RequeueAfter(wait)
            : ReconciliationResult.Done;
    }

    public Task<ReconciliationResult> DeletedAsync(ProtectedService entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult.Done);
}
