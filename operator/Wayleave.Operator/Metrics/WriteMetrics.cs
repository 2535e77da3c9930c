using System.Diagnostics.Metrics;

namespace Wayleave.Operator.Metrics;

/// <summary>Counts writes that undo what other writers did.</summary>
internal sealed class WriteMetrics
{
    private readonly Counter<long> _repairs;
    private readonly Counter<long> _conflicts;

    public WriteMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Wayleave.Operator");
        _repairs = meter.CreateCounter<long>(
            "wayleave_policy_repairs_total", description: "NetworkPolicies that were restored after another writer had changed or deleted them.");
        _conflicts = meter.CreateCounter<long>(
            "wayleave_write_conflicts_total", description: "Writes that had to be repeated within a short time because another writer undid them, by kind.");
    }

    public void Repaired() => _repairs.Add(1);

    public void Conflicted(string kind) => _conflicts.Add(1, new KeyValuePair<string, object?>("kind", kind));
}
