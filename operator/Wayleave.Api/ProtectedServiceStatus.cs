using k8s.Models;
using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>What became of a ProtectedService.</summary>
public sealed class ProtectedServiceStatus
{
    /// <summary>The metadata.generation that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>
    /// The metadata.generation that is in force. Older than observedGeneration while the present spec is invalid.
    /// </summary>
    public long? EnforcedGeneration { get; set; }

    /// <summary>The spec that is in force, as JSON. It outlives an edit that makes the spec invalid.</summary>
    public string? EnforcedSpec { get; set; }

    /// <summary>Ready; and Reconciling or Stalled while they hold.</summary>
    [Schema(ListType = "map", ListMapKey = "type")]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>What telemetry counts of it; absent with telemetry off.</summary>
    public TelemetryMark? Telemetry { get; set; }
}
