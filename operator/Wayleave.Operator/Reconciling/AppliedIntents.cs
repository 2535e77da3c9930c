using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Reconciling;

/// <summary>Counts a ClientIntents once for each generation that was applied with success, and once when its deletion is complete.</summary>
internal sealed class AppliedIntents(IUsageCounter usage)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Generation, IntentCounts Counts)> _applied = new(StringComparer.Ordinal);
    private IntentCounts _now;

    /// <param name="entity">As it was before <paramref name="status"/> was written: a status that already said so was counted before.</param>
    /// <param name="status">What is true of it now.</param>
    public void Observed(ClientIntents entity, ClientIntentsStatus status)
    {
        var generation = entity.Metadata.Generation ?? 0;
        if (!IsReady(status.Conditions))
        {
            return;
        }

        lock (_lock)
        {
            var uid = entity.Metadata.Uid ?? "";
            var known = _applied.TryGetValue(uid, out var before);
            if (known && before.Generation == generation)
            {
                return;
            }

            var counts = IntentCounts.Of(entity);
            if (entity.Status?.ObservedGeneration != generation || !IsReady(entity.Status.Conditions))
            {
                counts.AddTo(usage);
            }

            Replace(known ? before.Counts : default, counts);
            _applied[uid] = (generation, counts);
        }
    }

    public void Deleted(ClientIntents entity)
    {
        usage.Add(UsageCatalogue.IntentsDeleted, entity.Spec.Targets.Count);
        lock (_lock)
        {
            if (_applied.Remove(entity.Metadata.Uid ?? "", out var before))
            {
                Replace(before.Counts, default);
            }
        }
    }

    private void Replace(IntentCounts before, IntentCounts now)
    {
        _now = _now - before + now;
        _now.SetTotalsOf(usage);
    }

    private static bool IsReady(List<V1Condition>? conditions) =>
        conditions?.Exists(condition => condition is { Type: ConditionTypes.Ready, Status: "True" }) == true;
}
