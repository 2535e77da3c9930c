using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Reconciling;

/// <summary>Counts the objects of a kind once each when they were first applied with success, and once when their deletion is complete.</summary>
internal sealed class AppliedObjects(IUsageCounter usage, UsageEvent applied, UsageEvent deleted)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _applied = new(StringComparer.Ordinal);

    /// <param name="meta">Of the object.</param>
    /// <param name="before">Its conditions before these were written: one that has been ready before was counted before.</param>
    /// <param name="now">What is true of it now.</param>
    public void Observed(V1ObjectMeta meta, List<V1Condition>? before, List<V1Condition>? now)
    {
        if (!IsReady(now))
        {
            return;
        }

        lock (_lock)
        {
            if (!_applied.Add(meta.Uid ?? ""))
            {
                return;
            }

            if (!IsReady(before))
            {
                usage.Add(applied);
            }

            usage.SetTotal(applied, _applied.Count);
        }
    }

    public void Deleted(V1ObjectMeta meta)
    {
        usage.Add(deleted);
        lock (_lock)
        {
            _applied.Remove(meta.Uid ?? "");
            usage.SetTotal(applied, _applied.Count);
        }
    }

    private static bool IsReady(List<V1Condition>? conditions) =>
        conditions?.Exists(condition => condition is { Type: ConditionTypes.Ready, Status: "True" }) == true;
}
