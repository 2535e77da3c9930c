using k8s.Models;
using Wayleave.Api.Schema;

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
