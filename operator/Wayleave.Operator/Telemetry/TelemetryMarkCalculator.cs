using k8s.Models;
using Wayleave.Api;

namespace Wayleave.Operator.Telemetry;

/// <summary>
/// Computes the telemetry field of a status from the object and its new status. Pure. It is written in the same request as the status.
/// </summary>
/// <param name="isOn">Whether usage is counted. If not, the field is removed.</param>
internal sealed class TelemetryMarkCalculator(bool isOn)
{
    public IntentsTelemetry? CalculateTelemetry(ClientIntents entity, ClientIntentsStatus now)
    {
        var before = entity.Status?.Telemetry;
        var generation = entity.Metadata.Generation ?? 0;
        if (!isOn)
        {
            return null;
        }

        if (!IsReady(now.Conditions) || before?.Generation == generation || (before is null && WasApplied(entity)))
        {
            return before;
        }

        var tally = IntentTallyCalculator.Count(entity);
        return new IntentsTelemetry
        {
            Generation = generation,
            Applied = IntentTallyCalculator.Sum(before?.Applied, tally),
            Current = tally,
        };
    }

    /// <summary>Marks the status of an object that is counted once, when it becomes ready. Other statuses stay as they are.</summary>
    /// <param name="status">Its new status, which is returned.</param>
    public TStatus Mark<TEntity, TStatus>(TEntity entity, TStatus status)
        where TEntity : class, IReportedKind<TEntity, TStatus>
        where TStatus : class, IConditionedStatus
    {
        if (status is not ICountedStatus counted)
        {
            return status;
        }

        var before = (entity.Status as ICountedStatus)?.Telemetry;

        // Ready before there was telemetry: it stays as it is.
        var isNew = before is null && IsReady(status.Conditions) && !IsReady(entity.Status?.Conditions);
        counted.Telemetry = !isOn ? null : isNew ? new TelemetryMark { Generation = entity.Metadata.Generation ?? 0 } : before;
        return status;
    }

    /// <summary>The telemetry field of a Cluster: its first connection and its credential rotations.</summary>
    public ClusterTelemetry? CalculateTelemetry(Cluster entity, ClusterStatus now)
    {
        var before = entity.Status?.Telemetry;
        if (!isOn)
        {
            return null;
        }

        if (before is null)
        {
            return IsReady(now.Conditions) && !IsReady(entity.Status?.Conditions)
                ? new ClusterTelemetry { Generation = entity.Metadata.Generation ?? 0 }
                : null;
        }

        var isRotated = entity.Status?.Credentials is { } old && now.Credentials != old;
        return isRotated ? before with { Rotations = before.Rotations + 1 } : before;
    }

    /// <summary>Whether its present generation was applied by a status that says nothing to telemetry.</summary>
    public static bool WasApplied(ClientIntents entity) =>
        entity.Status?.ObservedGeneration == entity.Metadata.Generation && IsReady(entity.Status?.Conditions);

    public static bool IsReady(List<V1Condition>? conditions) =>
        conditions?.Exists(condition => condition is { Type: ConditionTypes.Ready, Status: "True" }) == true;
}

internal static class IntentTallyCalculator
{
    public static IntentTally Count(ClientIntents intents)
    {
        var targets = intents.Spec.Targets;
        return new IntentTally
        {
            Intents = targets.Count,
            Kafka = Some(targets.Count(target => target?.Kafka is not null)),
            Http = Some(targets.Count(target => target?.Kubernetes?.Http is { Count: > 0 })),
            Database = Some(targets.Count(target => target?.Sql is not null)),
            Internet = Some(targets.Count(target => target?.Internet is not null)),
        };
    }

    public static IntentTally Sum(IntentTally? left, IntentTally right) => new()
    {
        Intents = (left?.Intents ?? 0) + right.Intents,
        Kafka = Some((left?.Kafka ?? 0) + (right.Kafka ?? 0)),
        Http = Some((left?.Http ?? 0) + (right.Http ?? 0)),
        Database = Some((left?.Database ?? 0) + (right.Database ?? 0)),
        Internet = Some((left?.Internet ?? 0) + (right.Internet ?? 0)),
    };

    private static long? Some(long count) => count == 0 ? null : count;
}
