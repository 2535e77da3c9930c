using k8s;
using k8s.Models;
using Wayleave.Api.Schema;

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
