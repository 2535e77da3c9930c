using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Telemetry;

namespace Wayleave.Operator.Reconciling;

/// <summary>Checks a KafkaServerConfig and says what was found. Nothing is done in Kafka.</summary>
internal sealed class KafkaServerConfigReconciler(DeclarationCache declarations, StatusWriter statuses, TelemetryMarkCalculator marks, TimeProvider time)
    : IEntityController<KafkaServerConfig>
{
    public async Task<ReconciliationResult> ReconcileAsync(KafkaServerConfig entity, CancellationToken cancellationToken)
    {
        if (entity.Metadata.DeletionTimestamp is not null)
        {
            return ReconciliationResult.Waiting;
        }

        var status = KafkaServerSummary.Summarize(entity, time.GetUtcNow());
        status.Telemetry = marks.Next(entity.Metadata, entity.Status?.Telemetry, entity.Status?.Conditions, status.Conditions);
        var change = new KafkaServerConfig { Spec = null!, Status = status };
        var isUnchanged = StatusEquality.Same(entity.Status, status);
        return await statuses.WriteAsync(declarations.KafkaServers.Store, entity, change, isUnchanged, static config => config.Status?.Conditions, cancellationToken) is { } wait
            ? ReconciliationResult.RequeueAfter(wait)
            : ReconciliationResult.Done;
    }

    public Task<ReconciliationResult> DeletedAsync(KafkaServerConfig entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult.Done);
}
