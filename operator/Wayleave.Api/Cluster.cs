using k8s;
using k8s.Models;
using Wayleave.Api.Schema;
using Wayleave.Kubernetes;

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
