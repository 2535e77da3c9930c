using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Telemetry;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Reports on a ClientIntents once everything it names has been decided and written: one status write for a change, none when the status
/// already says so.
/// </summary>
internal sealed class IntentsReconciler(
    DeclarationCache declarations, ClusterResults results, SecondInstallation second, StatusWriter statuses, TelemetryMarkCalculator marks, TimeProvider time)
    : IEntityController<ClientIntents>
{
    public async Task<ReconciliationResult> ReconcileAsync(ClientIntents entity, CancellationToken cancellationToken)
    {
        if (entity.Metadata.DeletionTimestamp is not null || results.Of(entity) is not { } known)
        {
            return ReconciliationResult.Waiting;
        }

        if (await second.StandBackAsync(entity, cancellationToken) is { } standsBack)
        {
            return standsBack;
        }

        var status = IntentsSummary.Summarize(entity, known, Now());
        status.Telemetry = marks.Next(entity, status);
        var change = new ClientIntents { Spec = null!, Status = status };
        var isUnchanged = StatusEquality.Same(entity.Status, status);
        if (await statuses.WriteAsync(declarations.Intents.Store, entity, change, isUnchanged, static intents => intents.Status?.Conditions, cancellationToken) is { } wait)
        {
            return ReconciliationResult.RequeueAfter(wait);
        }

        var stalled = status.Conditions?.Find(condition => condition is { Type: ConditionTypes.Stalled, Status: "True" });
        return stalled is null ? ReconciliationResult.Done : ReconciliationResult.Stalled(stalled.Reason);
    }

    public Task<ReconciliationResult> DeletedAsync(ClientIntents entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult.Done);

    // The API keeps times in whole seconds.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
}
