using System.Text.Json.Serialization;
using k8s.Models;
using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>Isolates a workload: only declared clients may reach it, also in mode Shadow.</summary>
[KubernetesEntity(Group = Group.Name, ApiVersion = Group.Version, Kind = "ProtectedService", PluralName = "protectedservices")]
[CustomResource("ps")]
[PrinterColumn(1, "Server", "string", ".spec.workload.name")]
[PrinterColumn(2, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(3, "Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn(4, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(5, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", IsWide = true)]
public sealed class ProtectedService : ReportedKind<ProtectedService, ProtectedServiceSpec, ProtectedServiceStatus>
{
    /// <summary>What the operator parsed when the object entered a cache. Not part of the API.</summary>
    [JsonIgnore]
    public object? Parsed { get; set; }
}

/// <summary>The workload to protect.</summary>
public sealed class ProtectedServiceSpec
{
    /// <summary>The workload to protect, in the namespace of this object.</summary>
    public WorkloadRef Workload { get; set; } = new();

    /// <summary>
    /// Whether the Pods of the workload may reach each other, as clustered StatefulSets require. Defaults to true.
    /// </summary>
    public bool? OwnPods { get; set; }

    /// <summary>The clusters to enforce in. Defaults to the local cluster.</summary>
    public ClusterSelection? Clusters { get; set; }
}

/// <summary>The observed state of a ProtectedService.</summary>
public sealed class ProtectedServiceStatus : ICountedStatus
{
    /// <summary>The most recent metadata.generation observed by the operator.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>
    /// The metadata.generation that is enforced. Lower than observedGeneration while the current spec is invalid.
    /// </summary>
    public long? EnforcedGeneration { get; set; }

    /// <summary>The spec that is enforced, as JSON. It is kept when an edit makes the spec invalid.</summary>
    public string? EnforcedSpec { get; set; }

    /// <summary>The conditions Ready, Reconciling and Stalled.</summary>
    [Schema(ListType = "map", ListMapKey = "type")]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>What telemetry has counted of this object. Absent if telemetry is off.</summary>
    public TelemetryMark? Telemetry { get; set; }
}
