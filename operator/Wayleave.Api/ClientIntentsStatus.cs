using Wayleave.Api.Schema;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Api;

/// <summary>What became of a ClientIntents.</summary>
public sealed class ClientIntentsStatus
{
    /// <summary>The metadata.generation that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>
    /// The metadata.generation that is in force. Older than observedGeneration while the present spec is invalid: its policies stay.
    /// </summary>
    public long? EnforcedGeneration { get; set; }

    /// <summary>How many of the targets are enforced, e.g. 3/4.</summary>
    public string? Enforced { get; set; }

    /// <summary>Ready; and Reconciling or Stalled while they hold.</summary>
    [Schema(ListType = "map", ListMapKey = "type")]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>One entry for each target, in the order of the spec.</summary>
    [Schema(ListType = "atomic", MaxItems = 1000)]
    public List<TargetStatus>? Targets { get; set; }

    /// <summary>What telemetry counts of it; absent with telemetry off.</summary>
    public IntentsTelemetry? Telemetry { get; set; }
}
