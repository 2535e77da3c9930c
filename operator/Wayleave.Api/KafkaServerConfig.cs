using Wayleave.Api.Schema;
using k8s;
using k8s.Models;

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

/// <summary>A Kafka server and how its topics are to be guarded.</summary>
public sealed class KafkaServerConfigSpec
{
    /// <summary>The workload that runs the brokers, in this object's namespace.</summary>
    public WorkloadRef Workload { get; set; } = new();

    /// <summary>Where the brokers are reached, as host:port.</summary>
    [Schema(MinLength = 3, MaxLength = 259, Pattern = Patterns.HostPort)]
    public string Address { get; set; } = "";

    /// <summary>Rules for topics. The one whose name matches longest holds.</summary>
    [Schema(MaxItems = 1000)]
    public List<KafkaTopicConfig>? Topics { get; set; }
}

/// <summary>How a topic, or all topics whose names begin alike, are to be guarded.</summary>
public sealed class KafkaTopicConfig
{
    /// <summary>The topic's name, or how the names begin.</summary>
    [Schema(MinLength = 1, MaxLength = 249, Pattern = Patterns.KafkaTopic)]
    public string Name { get; set; } = "";

    /// <summary>How the name is meant; Literal when absent.</summary>
    [Schema(EnumOf = typeof(KafkaPatterns))]
    public string? Pattern { get; set; }

    /// <summary>Whether a client needs ClientIntents that name the topic. True when absent.</summary>
    public bool? IntentsRequired { get; set; }
}

/// <summary>How the name of a <see cref="KafkaTopicConfig"/> is meant.</summary>
public static class KafkaPatterns
{
    /// <summary>It is the topic's whole name.</summary>
    public const string Literal = "Literal";

    /// <summary>It is how the topics' names begin.</summary>
    public const string Prefix = "Prefix";
}

/// <summary>What became of a KafkaServerConfig.</summary>
public sealed class KafkaServerConfigStatus
{
    /// <summary>The metadata.generation that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>Ready; and Reconciling or Stalled while they hold.</summary>
    [Schema(ListType = "map", ListMapKey = "type")]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>What telemetry counts of it; absent with telemetry off.</summary>
    public TelemetryMark? Telemetry { get; set; }
}
