using k8s.Models;
using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>What became of a KafkaServerConfig.</summary>
public sealed class KafkaServerConfigStatus
{
    /// <summary>The metadata.generation that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>Ready; and Reconciling or Stalled while they hold.</summary>
    [Schema(ListType = "map", ListMapKey = "type")]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>What telemetry counts of it; absent with telemetry off.</summary>
    public TelemetryMark? Telemetry { get; set; }
}
