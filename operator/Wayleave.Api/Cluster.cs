using Wayleave.Api.Schema;
using Wayleave.Kubernetes;
using k8s;
using k8s.Models;

namespace Wayleave.Api;

/// <summary>Registers a member cluster, in which this operator enforces too. The name local is reserved for the operator's own cluster.</summary>
[KubernetesEntity(Group = Group.Name, ApiVersion = Group.Version, Kind = "Cluster", PluralName = "clusters")]
[EntityScope(EntityScope.Cluster)]
[CustomResource("wcl")]
[PrinterColumn(1, "Version", "string", ".status.kubernetesVersion")]
[PrinterColumn(2, "Intents", "integer", ".status.intents")]
[PrinterColumn(3, "Policies", "integer", ".status.policies")]
[PrinterColumn(4, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(5, "Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn(6, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(7, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Wide = true)]
public sealed class Cluster : IKubernetesObject<V1ObjectMeta>, ISpec<ClusterSpec>, IStatus<ClusterStatus?>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is declared.</summary>
    public ClusterSpec Spec { get; set; } = new();

    /// <summary>What became of it. Written by the operator.</summary>
    public ClusterStatus? Status { get; set; }
}

/// <summary>How to reach a member cluster.</summary>
public sealed class ClusterSpec
{
    /// <summary>The Secret with its kubeconfig.</summary>
    public KubeconfigSecretRef KubeconfigSecretRef { get; set; } = new();

    /// <summary>Change nothing in the cluster for now. False when absent.</summary>
    public bool? Paused { get; set; }

    /// <summary>
    /// What happens to the policies there when this object is deleted. Cleanup, also when absent, removes them first, and waits for the
    /// cluster if it cannot be reached. Orphan leaves them in force.
    /// </summary>
    [Schema(EnumOf = typeof(ClusterDeletions))]
    public string? OnDelete { get; set; }
}

/// <summary>Names a Secret and a key in it.</summary>
public sealed class KubeconfigSecretRef
{
    /// <summary>The operator's own namespace; no other may be named. That one when absent.</summary>
    [Schema(MaxLength = 63, Pattern = Patterns.Label)]
    public string? Namespace { get; set; }

    /// <summary>The Secret.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The key whose value is the kubeconfig; kubeconfig when absent.</summary>
    [Schema(MinLength = 1, MaxLength = 253)]
    public string? Key { get; set; }
}

/// <summary>What happens to the policies in a member cluster when its Cluster is deleted.</summary>
public static class ClusterDeletions
{
    /// <summary>They are removed first.</summary>
    public const string Cleanup = "Cleanup";

    /// <summary>They stay in force.</summary>
    public const string Orphan = "Orphan";
}

/// <summary>What became of a Cluster.</summary>
public sealed class ClusterStatus
{
    /// <summary>The metadata.generation that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>The version of Kubernetes there, as it was seen last.</summary>
    public string? KubernetesVersion { get; set; }

    /// <summary>How many ClientIntents are meant for it.</summary>
    public int? Intents { get; set; }

    /// <summary>How many network policies of this operator are there.</summary>
    public int? Policies { get; set; }

    /// <summary>A digest of the credentials it was last connected to with, by which a rotation is told.</summary>
    public string? Credentials { get; set; }

    /// <summary>A digest of the UID of the cluster that the kubeconfig leads to. Two Clusters with the same one lead to the same cluster.</summary>
    public string? Identity { get; set; }

    /// <summary>Ready; and Reconciling, Stalled or Paused while they hold.</summary>
    [Schema(ListType = "map", ListMapKey = "type")]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>What telemetry counts of it; absent with telemetry off.</summary>
    public ClusterTelemetry? Telemetry { get; set; }
}

/// <summary>What telemetry counts of a Cluster. It is written together with the rest of the status, so that a count can neither be lost nor be made twice.</summary>
public sealed record ClusterTelemetry
{
    /// <summary>The metadata.generation that was connected to first.</summary>
    public long Generation { get; set; }

    /// <summary>How many times it was connected to with new credentials.</summary>
    public long Rotations { get; set; }
}
