using Wayleave.Api.Schema;
using k8s;
using k8s.Models;

namespace Wayleave.Api;

/// <summary>Declares what one workload calls.</summary>
[KubernetesEntity(Group = Group.Name, ApiVersion = Group.Version, Kind = "ClientIntents", PluralName = "clientintents")]
[CustomResource("ci")]
[PrinterColumn(1, "Client", "string", ".spec.workload.name")]
[PrinterColumn(2, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(3, "Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn(4, "Enforced", "string", ".status.enforced")]
[PrinterColumn(5, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(6, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Wide = true)]
public sealed class ClientIntents : IKubernetesObject<V1ObjectMeta>, ISpec<ClientIntentsSpec>, IStatus<ClientIntentsStatus?>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is declared.</summary>
    public ClientIntentsSpec Spec { get; set; } = new();

    /// <summary>What became of it. Written by the operator.</summary>
    public ClientIntentsStatus? Status { get; set; }
}

/// <summary>What one workload calls.</summary>
public sealed class ClientIntentsSpec
{
    /// <summary>The client: the workload that calls, in this object's namespace.</summary>
    public WorkloadRef Workload { get; set; } = new();

    /// <summary>The clusters to enforce in; only this one when absent.</summary>
    public ClusterSelection? Clusters { get; set; }

    /// <summary>What the client calls.</summary>
    [Schema(MinItems = 1, MaxItems = 1000)]
    public List<IntentTarget> Targets { get; set; } = [];
}

/// <summary>A workload in the namespace of the object that names it.</summary>
public sealed class WorkloadRef
{
    /// <summary>The workload's name.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>Kind of the workload. Required only where workloads of several kinds have the name.</summary>
    [Schema(EnumOf = typeof(WorkloadKinds))]
    public string? Kind { get; set; }

    /// <summary>
    /// Labels of the Pods, for Pods of a controller that is none of the supported kinds, such as an Argo Rollout, a database operator or a
    /// Job with a generated name. When set, the name is only a label for statuses and policies, and kind is ignored.
    /// </summary>
    public V1LabelSelector? Selector { get; set; }
}

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

    /// <summary>
    /// The workloads whose Pods the targets allow as the client; more than one where it differs between clusters. An entry stays while its
    /// workload is missing, so that Pods that still run keep their access.
    /// </summary>
    [Schema(ListType = "atomic", MaxItems = 1000)]
    public List<ClientPods>? Clients { get; set; }

    /// <summary>What telemetry counts of it; absent with telemetry off.</summary>
    public IntentsTelemetry? Telemetry { get; set; }
}

/// <summary>A workload that is a client, and the Pods that are its own.</summary>
public sealed class ClientPods
{
    /// <summary>The workload's kind.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The workload's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Labels of its Pods.</summary>
    public V1LabelSelector PodSelector { get; set; } = new();

    /// <summary>Set when its Pods use the host network, where no Pod selector matches them: nothing is allowed then.</summary>
    public bool? HostNetwork { get; set; }

    /// <summary>The clusters in which it is that; only this one when absent.</summary>
    [Schema(ListType = "atomic", MaxItems = 1000)]
    public List<string>? Clusters { get; set; }
}

/// <summary>What became of one target.</summary>
public sealed class TargetStatus
{
    /// <summary>The server, with its namespace where it has one, e.g. cart.shop.</summary>
    public string Name { get; set; } = "";

    /// <summary>The target's key in the spec, e.g. kubernetes.</summary>
    public string Type { get; set; } = "";

    /// <summary>Enforced, Pending, Shadow, Disabled, NotSupported or Failed.</summary>
    public string State { get; set; } = "";

    /// <summary>Why, in one word.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Which field it is about and what to do. Absent when there is nothing to do.</summary>
    public string? Message { get; set; }

    /// <summary>The addresses that the target's domains were found to have, up to twenty of them.</summary>
    [Schema(ListType = "atomic", MaxItems = 20)]
    public List<string>? Addresses { get; set; }
}

/// <summary>What became of one target of a <see cref="ClientIntents"/>.</summary>
public static class TargetStates
{
    /// <summary>The call is allowed by a policy that is in force.</summary>
    public const string Enforced = "Enforced";

    /// <summary>Something is awaited that may come by itself.</summary>
    public const string Pending = "Pending";

    /// <summary>The policy was computed and, on purpose, not written.</summary>
    public const string Shadow = "Shadow";

    /// <summary>Nothing is enforced in the server's namespace, on purpose.</summary>
    public const string Disabled = "Disabled";

    /// <summary>The declaration is understood, and this version cannot enforce it. It fails nothing else.</summary>
    public const string NotSupported = "NotSupported";

    /// <summary>Someone has to change something first; the reason and the message say what.</summary>
    public const string Failed = "Failed";
}

/// <summary>
/// What telemetry counts of a ClientIntents. It is written together with the rest of the status, so that a count can neither be lost nor
/// be made twice; with telemetry off it is absent. Only numbers made from it ever leave the cluster.
/// </summary>
public sealed record IntentsTelemetry
{
    /// <summary>The metadata.generation that was counted last.</summary>
    public long Generation { get; set; }

    /// <summary>The targets of every generation that was ever applied, added up.</summary>
    public IntentTally Applied { get; set; } = new();

    /// <summary>The targets of the generation that was applied last.</summary>
    public IntentTally Current { get; set; } = new();
}

/// <summary>How many targets there are, in all and of the types that are counted apart.</summary>
public sealed record IntentTally
{
    /// <summary>All targets.</summary>
    public long Intents { get; set; }

    /// <summary>Those that name Kafka topics.</summary>
    public long? Kafka { get; set; }

    /// <summary>Those that name HTTP paths.</summary>
    public long? Http { get; set; }

    /// <summary>Those that name database privileges.</summary>
    public long? Database { get; set; }

    /// <summary>Those that name addresses or domains outside the cluster.</summary>
    public long? Internet { get; set; }
}

/// <summary>
/// Says that telemetry counts the object as applied. It is written together with the rest of the status, so that the count can neither be
/// lost nor be made twice; with telemetry off it is absent.
/// </summary>
public sealed record TelemetryMark
{
    /// <summary>The metadata.generation that was applied first.</summary>
    public long Generation { get; set; }
}
