using Wayleave.Api.Schema;
using k8s;
using k8s.Models;

namespace Wayleave.Api;

/// <summary>Lets only declared callers reach a workload, also where its namespace is in mode Shadow.</summary>
[KubernetesEntity(Group = Group.Name, ApiVersion = Group.Version, Kind = "ProtectedService", PluralName = "protectedservices")]
[CustomResource("ps")]
[PrinterColumn(1, "Server", "string", ".spec.workload.name")]
[PrinterColumn(2, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(3, "Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn(4, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(5, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Wide = true)]
public sealed class ProtectedService : IKubernetesObject<V1ObjectMeta>, ISpec<ProtectedServiceSpec>, IStatus<ProtectedServiceStatus?>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is declared.</summary>
    public ProtectedServiceSpec Spec { get; set; } = new();

    /// <summary>What became of it. Written by the operator.</summary>
    public ProtectedServiceStatus? Status { get; set; }
}

/// <summary>The workload to protect.</summary>
public sealed class ProtectedServiceSpec
{
    /// <summary>The workload to protect, in this object's namespace.</summary>
    public WorkloadRef Workload { get; set; } = new();

    /// <summary>
    /// Whether the workload's own Pods may reach each other, as clustered StatefulSets need. Defaults to true.
    /// </summary>
    public bool? OwnPods { get; set; }

    /// <summary>The clusters to enforce in; only this one when absent.</summary>
    public ClusterSelection? Clusters { get; set; }
}

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
