using k8s.Models;
using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>What became of an EnforcementPolicy.</summary>
public sealed class EnforcementPolicyStatus
{
    /// <summary>The metadata.generation that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>The metadata.generation that governs. Older than observedGeneration while the present spec is invalid.</summary>
    public long? EnforcedGeneration { get; set; }

    /// <summary>The spec that governs, as JSON; only while the present spec is invalid.</summary>
    public string? EnforcedSpec { get; set; }

    /// <summary>How many namespaces it governs.</summary>
    public int? Namespaces { get; set; }

    /// <summary>How many workloads there are in the namespaces it governs.</summary>
    public int? Workloads { get; set; }

    /// <summary>How many namespaces it selects that another policy governs.</summary>
    public int? Outranked { get; set; }

    /// <summary>Ready; Reconciling or Stalled while they hold; and Outranked while another policy governs what this one selects.</summary>
    [Schema(ListType = "map", ListMapKey = "type")]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>What telemetry counts of it; absent with telemetry off.</summary>
    public TelemetryMark? Telemetry { get; set; }
}
