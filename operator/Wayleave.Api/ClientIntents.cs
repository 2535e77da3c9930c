using System.Text.Json.Serialization;
using k8s.Models;
using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>Declares which servers a workload calls.</summary>
[KubernetesEntity(Group = Group.Name, ApiVersion = Group.Version, Kind = "ClientIntents", PluralName = "clientintents")]
[CustomResource("ci")]
[PrinterColumn(1, "Client", "string", ".spec.workload.name")]
[PrinterColumn(2, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(3, "Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn(4, "Enforced", "string", ".status.enforced")]
[PrinterColumn(5, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(6, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", IsWide = true)]
public sealed class ClientIntents : ReportedKind<ClientIntents, ClientIntentsSpec, ClientIntentsStatus>
{
    /// <summary>What the operator parsed when the object entered a cache. Not part of the API.</summary>
    [JsonIgnore]
    public object? Parsed { get; set; }
}

/// <summary>The client and its targets.</summary>
public sealed class ClientIntentsSpec
{
    /// <summary>The client: a workload in the namespace of this object.</summary>
    public WorkloadRef Workload { get; set; } = new();

    /// <summary>The clusters to enforce in. Defaults to the local cluster.</summary>
    public ClusterSelection? Clusters { get; set; }

    /// <summary>The servers that the client calls.</summary>
    [Schema(MinItems = 1, MaxItems = 1000)]
    public List<IntentTarget> Targets { get; set; } = [];
}

/// <summary>A workload in the namespace of the object that refers to it.</summary>
public sealed class WorkloadRef
{
    /// <summary>The name of the workload.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The kind of the workload. Required only if workloads of several kinds have this name.</summary>
    [Schema(EnumOf = typeof(WorkloadKindNames))]
    public string? Kind { get; set; }

    /// <summary>
    /// The labels of the Pods, for Pods whose controller is not one of the supported kinds, such as an Argo Rollout, a database operator or
    /// a Job with a generated name. If set, name is only shown in statuses and policies, and kind is ignored.
    /// </summary>
    public V1LabelSelector? Selector { get; set; }
}

/// <summary>The observed state of a ClientIntents.</summary>
public sealed class ClientIntentsStatus : IConditionedStatus
{
    /// <summary>The most recent metadata.generation observed by the operator.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>
    /// The metadata.generation that is enforced. Lower than observedGeneration while the current spec is invalid.
    /// </summary>
    public long? EnforcedGeneration { get; set; }

    /// <summary>The number of enforced targets and of all targets, for example 3/4.</summary>
    public string? Enforced { get; set; }

    /// <summary>
    /// The conditions Ready, Reconciling and Stalled. With the network mapper, UndeclaredCalls says whether the client makes calls that no
    /// ClientIntents declares.
    /// </summary>
    [Schema(ListType = "map", ListMapKey = "type")]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>The status of each target, in the order of the spec.</summary>
    [Schema(ListType = "atomic", MaxItems = 1000)]
    public List<TargetStatus>? Targets { get; set; }

    /// <summary>
    /// The workloads whose Pods are allowed as the client. There are several if they differ between clusters. An entry stays while its
    /// workload is missing, so that running Pods keep their access.
    /// </summary>
    [Schema(ListType = "atomic", MaxItems = 1000)]
    public List<ClientPods>? Clients { get; set; }

    /// <summary>
    /// The calls of the client that the network mapper has seen. Absent without the network mapper, and while it has not seen the client.
    /// </summary>
    public ObservedCallCounts? Observed { get; set; }

    /// <summary>What telemetry has counted of this object. Absent if telemetry is off.</summary>
    public IntentsTelemetry? Telemetry { get; set; }
}

/// <summary>The number of calls that the network mapper has seen, without those from and to components of the cluster.</summary>
[Schema(MapType = "atomic")]
public sealed record ObservedCallCounts
{
    /// <summary>Calls that were answered and that no ClientIntents of the client declares.</summary>
    public int Undeclared { get; set; }

    /// <summary>Calls without an answer, declared or not. Often a network policy drops them.</summary>
    public int Unanswered { get; set; }
}

/// <summary>The workload of the client and the labels of its Pods.</summary>
public sealed class ClientPods
{
    /// <summary>The kind of the workload.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The name of the workload.</summary>
    public string Name { get; set; } = "";

    /// <summary>The labels of its Pods.</summary>
    public V1LabelSelector PodSelector { get; set; } = new();

    /// <summary>True if its Pods use the host network. No Pod selector matches them, so nothing is allowed.</summary>
    public bool? HostNetwork { get; set; }

    /// <summary>The clusters of this workload. Defaults to the local cluster.</summary>
    [Schema(ListType = "atomic", MaxItems = 1000)]
    public List<string>? Clusters { get; set; }
}

/// <summary>The observed state of a target.</summary>
public sealed class TargetStatus
{
    /// <summary>The server, with its namespace if it has one, for example cart.shop.</summary>
    public string Name { get; set; } = "";

    /// <summary>The key of the target in the spec, for example kubernetes.</summary>
    public string Type { get; set; } = "";

    /// <summary>The state: Enforced, Pending, Shadow, Disabled, NotSupported or Failed.</summary>
    public string State { get; set; } = "";

    /// <summary>The reason for the state in CamelCase.</summary>
    public string Reason { get; set; } = "";

    /// <summary>The field and the fix. Absent if nothing has to be changed.</summary>
    public string? Message { get; set; }

    /// <summary>The addresses of the target's domains, at most twenty.</summary>
    [Schema(ListType = "atomic", MaxItems = 20)]
    public List<string>? Addresses { get; set; }

    /// <summary>
    /// The addresses that are allowed only because the network mapper has seen DNS answer them to the Pods of the client, at most twenty.
    /// Absent without the network mapper.
    /// </summary>
    [Schema(ListType = "atomic", MaxItems = 20)]
    public List<string>? ObservedAddresses { get; set; }
}

/// <summary>The states of a target of a <see cref="ClientIntents"/>.</summary>
public static class TargetStateNames
{
    /// <summary>A NetworkPolicy allows the call.</summary>
    public const string Enforced = "Enforced";

    /// <summary>Waiting for something that may change without the user.</summary>
    public const string Pending = "Pending";

    /// <summary>The policy was computed but not written, because of the mode Shadow.</summary>
    public const string Shadow = "Shadow";

    /// <summary>Enforcement is disabled in the server's namespace.</summary>
    public const string Disabled = "Disabled";

    /// <summary>This version cannot enforce the target. Other targets are not affected.</summary>
    public const string NotSupported = "NotSupported";

    /// <summary>The user has to change something. The reason and the message say what.</summary>
    public const string Failed = "Failed";
}

/// <summary>
/// What telemetry has counted of a ClientIntents. It is written in the same request as the rest of the status, so that no count is lost or
/// repeated. Only numbers computed from it leave the cluster.
/// </summary>
[Schema(MapType = "atomic")]
public sealed record IntentsTelemetry
{
    /// <summary>The metadata.generation that was counted last.</summary>
    public long Generation { get; set; }

    /// <summary>The number of targets of all generations that were applied.</summary>
    public IntentTally Applied { get; set; } = new();

    /// <summary>The number of targets of the last applied generation.</summary>
    public IntentTally Current { get; set; } = new();
}

/// <summary>The number of targets, in total and by type.</summary>
public sealed record IntentTally
{
    /// <summary>All targets.</summary>
    public long Intents { get; set; }

    /// <summary>Targets with Kafka topics.</summary>
    public long? Kafka { get; set; }

    /// <summary>Targets with HTTP paths.</summary>
    public long? Http { get; set; }

    /// <summary>Targets with database privileges.</summary>
    public long? Database { get; set; }

    /// <summary>Targets with addresses or domains outside the cluster.</summary>
    public long? Internet { get; set; }
}

/// <summary>
/// Marks the object as counted by telemetry. It is written in the same request as the rest of the status, so that no count is lost or
/// repeated.
/// </summary>
[Schema(MapType = "atomic")]
public sealed record TelemetryMark
{
    /// <summary>The metadata.generation that was applied first.</summary>
    public long Generation { get; set; }
}
