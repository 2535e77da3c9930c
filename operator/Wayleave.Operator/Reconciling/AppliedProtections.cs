using Wayleave.Api;
using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Reconciling;

/// <summary>Counts a ProtectedService once when it was first applied with success, and once when its deletion is complete.</summary>
internal sealed class AppliedProtections(IUsageCounter usage)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _applied = new(StringComparer.Ordinal);

    /// <param name="entity">As it was before <paramref name="status"/> was written: one that has been ready before was counted before.</param>
    /// <param name="status">What is true of it now.</param>
    public void Observed(ProtectedService entity, ProtectedServiceStatus status)
    {
        if (status.Conditions?.Exists(condition => condition is { Type: ConditionTypes.Ready, Status: "True" }) != true)
        {
            return;
        }

        lock (_lock)
        {
            if (!_applied.Add(entity.Metadata.Uid ?? ""))
            {
                return;
            }

            if (entity.Status?.Conditions?.Exists(condition => condition is { Type: ConditionTypes.Ready, Status: "True" }) != true)
            {
                usage.Add(UsageCatalogue.ProtectedServiceApplied);
            }

            usage.SetTotal(UsageCatalogue.ProtectedServiceApplied, _applied.Count);
        }
    }

    public void Deleted(ProtectedService entity)
    {
        usage.Add(UsageCatalogue.ProtectedServiceDeleted);
        lock (_lock)
        {
            _applied.Remove(entity.Metadata.Uid ?? "");
            usage.SetTotal(UsageCatalogue.ProtectedServiceApplied, _applied.Count);
        }
    }
}
