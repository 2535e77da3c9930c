using k8s;
using k8s.Models;
using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>Describes a Kafka server whose topics ClientIntents name. Checked and counted; this version sets no access rules in Kafka.</summary>
[KubernetesEntity(Group = Group.Name, ApiVersion = Group.Version, Kind = "KafkaServerConfig", PluralName = "kafkaserverconfigs")]
[CustomResource("ksc")]
[PrinterColumn(1, "Server", "string", ".spec.workload.name")]
[PrinterColumn(2, "Address", "string", ".spec.address")]
[PrinterColumn(3, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(4, "Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn(5, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(6, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Wide = true)]
public sealed class KafkaServerConfig : IKubernetesObject<V1ObjectMeta>, ISpec<KafkaServerConfigSpec>, IStatus<KafkaServerConfigStatus?>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is declared.</summary>
    public KafkaServerConfigSpec Spec { get; set; } = new();

    /// <summary>What became of it. Written by the operator.</summary>
    public KafkaServerConfigStatus? Status { get; set; }
}
