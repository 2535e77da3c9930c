using System.Diagnostics.Metrics;
using Wayleave.Api;

namespace Wayleave.Operator.Metrics;

/// <summary>Counts writes that undo what other writers did.</summary>
internal sealed class WriteMetrics
{
    /// <summary>The kind under which conflicts about policies are counted; those about a status are counted under the object's.</summary>
    public const string PolicyKind = "NetworkPolicy";

    private readonly Counter<long> _repairs;
    private readonly Counter<long> _conflicts;

    private static string[] Kinds =>
    [
        PolicyKind, nameof(ClientIntents), nameof(ProtectedService), nameof(EnforcementPolicy), nameof(KafkaServerConfig), nameof(Cluster),
    ];

    public WriteMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(OperatorMetrics.MeterName);
        _repairs = meter.CreateCounter<long>(
            "wayleave_policy_repairs_total", description: "NetworkPolicies that were restored after another writer had changed or deleted them.");
        _conflicts = meter.CreateCounter<long>(
            "wayleave_write_conflicts_total", description: "Writes that had to be repeated within a short time because another writer undid them, by kind.");
        _repairs.Add(0);
        foreach (var kind in Kinds)
        {
            _conflicts.Add(0, KindTag(kind));
        }
    }

    public void Repaired() => _repairs.Add(1);

    public void Conflicted(string kind) => _conflicts.Add(1, KindTag(kind));

    private static KeyValuePair<string, object?> KindTag(string kind) => new("kind", kind);
}
