using k8s;
using k8s.Models;
using Wayleave.Api.Schema;
using Wayleave.Kubernetes;

namespace Wayleave.Api;

/// <summary>Says how declarations are enforced in the namespaces it selects.</summary>
[KubernetesEntity(
    Group = Group.Name, ApiVersion = Group.Version, Kind = "EnforcementPolicy", PluralName = "enforcementpolicies")]
[EntityScope(EntityScope.Cluster)]
[CustomResource("enp")]
[PrinterColumn(1, "Mode", "string", ".spec.mode")]
[PrinterColumn(2, "Egress", "boolean", ".spec.egress")]
[PrinterColumn(3, "Priority", "integer", ".spec.priority")]
[PrinterColumn(4, "Namespaces", "integer", ".status.namespaces")]
[PrinterColumn(5, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(6, "Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn(7, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(8, "Workloads", "integer", ".status.workloads", Wide = true)]
[PrinterColumn(9, "Outranked", "integer", ".status.outranked", Wide = true)]
[PrinterColumn(10, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Wide = true)]
public sealed class EnforcementPolicy : IKubernetesObject<V1ObjectMeta>, ISpec<EnforcementPolicySpec>, IStatus<EnforcementPolicyStatus?>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is declared.</summary>
    public EnforcementPolicySpec Spec { get; set; } = new();

    /// <summary>What became of it. Written by the operator.</summary>
    public EnforcementPolicyStatus? Status { get; set; }
}
