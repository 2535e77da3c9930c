using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Telemetry;

namespace Wayleave.Operator.Reconciling;

/// <summary>Reports what an EnforcementPolicy governs. What it changes is decided elsewhere, as soon as it is heard of.</summary>
internal sealed class EnforcementPolicyReconciler(
    DeclarationCache declarations, ClusterCache cluster, GovernanceCache governance, StatusWriter statuses, TelemetryMarkCalculator marks, TimeProvider time)
    : IEntityController<EnforcementPolicy>
{
    public async Task<ReconciliationResult> ReconcileAsync(EnforcementPolicy entity, CancellationToken cancellationToken)
    {
        if (entity.Metadata.DeletionTimestamp is not null)
        {
            return ReconciliationResult.Waiting;
        }

        var governed = governance.CensusOf(entity);
        var status = GovernanceSummary.Summarize(entity, governed?.Policy, governed?.Census, time.GetUtcNow(), cluster.Network.Current.SupportsPortRanges);
        status.Telemetry = marks.Next(entity.Metadata, entity.Status?.Telemetry, entity.Status?.Conditions, status.Conditions);
        var change = new EnforcementPolicy { Spec = null!, Status = status };
        var isUnchanged = StatusEquality.Same(entity.Status, status);
        return await statuses.WriteAsync(declarations.Enforcements.Store, entity, change, isUnchanged, static policy => policy.Status?.Conditions, cancellationToken) is { } wait
            ? ReconciliationResult.RequeueAfter(wait)
            : ReconciliationResult.Done;
    }

    public Task<ReconciliationResult> DeletedAsync(EnforcementPolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult.Done);
}
