using k8s;
using k8s.Models;
using Wayleave.Api.Schema;

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
