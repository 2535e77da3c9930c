using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Telemetry;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Reports on a ClientIntents once everything it names has been decided and written: one status write for a change, none when the status
/// already says so.
/// </summary>
internal sealed class IntentsReconciler(
    ClusterCache cache, VerdictBoard board, StatusWriter statuses, TelemetryMarks marks, TimeProvider time)
    : IEntityController<ClientIntents>
{
    public async Task<ReconciliationResult> ReconcileAsync(ClientIntents entity, CancellationToken cancellationToken)
    {
        if (entity.Metadata.DeletionTimestamp is not null || Verdicts(entity) is not { } verdicts)
        {
            return ReconciliationResult.Waiting;
        }

        var status = IntentsSummary.Summarize(entity, verdicts, Now());
        status.Telemetry = marks.Next(entity, status);
        if (!StatusEquality.Same(entity.Status, status))
        {
            var change = new ClientIntents { Spec = null!, Status = status };
            await statuses.WriteAsync(cache.Intents.Store, entity, change, static intents => intents.Status?.Conditions, cancellationToken);
        }

        var stalled = status.Conditions?.Find(condition => condition is { Type: ConditionTypes.Stalled, Status: "True" });
        return stalled is null ? ReconciliationResult.Done : ReconciliationResult.Stalled(stalled.Reason);
    }

    public Task<ReconciliationResult> DeletedAsync(ClientIntents entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult.Done);

    // What a verdict is awaited from: each server, and the client.
    private static IEnumerable<SubjectKey> Subjects(ClientIntents intents)
    {
        var servers = DeclaredTargets.Servers(intents);
        return DeclaredClient.Client(intents) is { } client ? servers.Append(client) : servers;
    }

    // Null while a subject has not been decided with this very spec; the policy reconciler calls again when it has.
    private List<CallVerdict>? Verdicts(ClientIntents entity)
    {
        var name = NamespacedName.Of(entity);
        var verdicts = new List<CallVerdict>();
        foreach (var subject in Subjects(entity))
        {
            var judged = board.Of(subject).Calls.GetValueOrDefault(name);
            if (judged?.Uid != entity.Metadata.Uid || judged?.Generation != (entity.Metadata.Generation ?? 0))
            {
                return null;
            }

            verdicts.AddRange(judged.Verdicts);
        }

        return verdicts;
    }

    // The API keeps times in whole seconds.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
}
