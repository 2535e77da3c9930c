using k8s.Models;
using Wayleave.Api.Schema;
using Wayleave.Kubernetes;

namespace Wayleave.Api;

/// <summary>
/// Connects a member cluster, in which the operator enforces too. The name local is reserved for the operator's own cluster.
/// </summary>
[KubernetesEntity(Group = Group.Name, ApiVersion = Group.Version, Kind = "Cluster", PluralName = "clusters")]
[EntityScope(EntityScope.Cluster)]
[CustomResource("wcl")]
[PrinterColumn(1, "Version", "string", ".status.kubernetesVersion")]
[PrinterColumn(2, "Intents", "integer", ".status.intents")]
[PrinterColumn(3, "Policies", "integer", ".status.policies")]
[PrinterColumn(4, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(5, "Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn(6, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(7, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", IsWide = true)]
public sealed class Cluster : ReportedKind<Cluster, ClusterSpec, ClusterStatus>;

/// <summary>The connection to a member cluster.</summary>
public sealed class ClusterSpec
{
    /// <summary>The Secret with the kubeconfig of the cluster.</summary>
    public KubeconfigSecretRef KubeconfigSecretRef { get; set; } = new();

    /// <summary>If true, the operator changes nothing in the cluster. Defaults to false.</summary>
    public bool? Paused { get; set; }

    /// <summary>
    /// What happens to the policies in the cluster when this object is deleted. Cleanup removes them first, and waits if the cluster cannot
    /// be reached. Orphan keeps them. Defaults to Cleanup.
    /// </summary>
    [Schema(EnumOf = typeof(ClusterDeletionPolicy))]
    public string? OnDelete { get; set; }
}

/// <summary>A reference to a key of a Secret.</summary>
public sealed class KubeconfigSecretRef
{
    /// <summary>The namespace of the Secret. It must be the operator's own, which is the default.</summary>
    [Schema(MaxLength = 63, Pattern = Patterns.Label)]
    public string? Namespace { get; set; }

    /// <summary>The name of the Secret.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The key of the kubeconfig in the Secret. Defaults to kubeconfig.</summary>
    [Schema(MinLength = 1, MaxLength = 253)]
    public string? Key { get; set; }
}

/// <summary>What happens to the policies in a member cluster when its Cluster is deleted.</summary>
public static class ClusterDeletionPolicy
{
    /// <summary>They are deleted first.</summary>
    public const string Cleanup = "Cleanup";

    /// <summary>They are kept.</summary>
    public const string Orphan = "Orphan";
}

/// <summary>The observed state of a Cluster.</summary>
public sealed class ClusterStatus : IConditionedStatus
{
    /// <summary>The most recent metadata.generation observed by the operator.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>The last observed Kubernetes version of the cluster.</summary>
    public string? KubernetesVersion { get; set; }

    /// <summary>The number of ClientIntents that select the cluster.</summary>
    public int? Intents { get; set; }

    /// <summary>The number of NetworkPolicies of this operator in the cluster.</summary>
    public int? Policies { get; set; }

    /// <summary>A digest of the credentials in use, to detect rotation.</summary>
    public string? Credentials { get; set; }

    /// <summary>A digest of the UID of the connected cluster. Two Clusters with the same digest connect to the same cluster.</summary>
    public string? Identity { get; set; }

    /// <summary>The conditions Ready, Reconciling, Stalled and Paused.</summary>
    [Schema(ListType = "map", ListMapKey = "type")]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>What telemetry has counted of this object. Absent if telemetry is off.</summary>
    public ClusterTelemetry? Telemetry { get; set; }
}

/// <summary>
/// What telemetry has counted of a Cluster. It is written in the same request as the rest of the status, so that no count is lost or
/// repeated.
/// </summary>
public sealed record ClusterTelemetry
{
    /// <summary>The metadata.generation that was connected first.</summary>
    public long Generation { get; set; }

    /// <summary>The number of connections with new credentials.</summary>
    public long Rotations { get; set; }
}
