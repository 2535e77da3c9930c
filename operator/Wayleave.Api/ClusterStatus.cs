using k8s.Models;
using Wayleave.Api.Schema;

namespace Wayleave.Api;

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
