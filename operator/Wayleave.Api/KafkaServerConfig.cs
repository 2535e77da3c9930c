using k8s.Models;
using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>
/// Describes a Kafka server whose topics ClientIntents name. Checked and counted; this version sets no access rules in Kafka.
/// </summary>
[KubernetesEntity(Group = Group.Name, ApiVersion = Group.Version, Kind = "KafkaServerConfig", PluralName = "kafkaserverconfigs")]
[CustomResource("ksc")]
[PrinterColumn(1, "Server", "string", ".spec.workload.name")]
[PrinterColumn(2, "Address", "string", ".spec.address")]
[PrinterColumn(3, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(4, "Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn(5, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(6, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", IsWide = true)]
public sealed class KafkaServerConfig : ReportedKind<KafkaServerConfig, KafkaServerConfigSpec, KafkaServerConfigStatus>;

/// <summary>A Kafka server and the rules of its topics.</summary>
public sealed class KafkaServerConfigSpec
{
    /// <summary>The workload that runs the brokers, in the namespace of this object.</summary>
    public WorkloadRef Workload { get; set; } = new();

    /// <summary>The address of the brokers as host:port.</summary>
    [Schema(MinLength = 3, MaxLength = 259, Pattern = Patterns.HostPort)]
    public string Address { get; set; } = "";

    /// <summary>Rules for topics. The rule with the longest matching name applies.</summary>
    [Schema(MaxItems = 1000)]
    public List<KafkaTopicConfig>? Topics { get; set; }
}

/// <summary>A rule for a topic, or for all topics with a common prefix.</summary>
public sealed class KafkaTopicConfig
{
    /// <summary>The name of the topic, or the prefix of names.</summary>
    [Schema(MinLength = 1, MaxLength = 249, Pattern = Patterns.KafkaTopic)]
    public string Name { get; set; } = "";

    /// <summary>How to match the name. Defaults to Literal.</summary>
    [Schema(EnumOf = typeof(KafkaPatterns))]
    public string? Pattern { get; set; }

    /// <summary>Whether a client needs ClientIntents for the topic. Defaults to true.</summary>
    public bool? IntentsRequired { get; set; }
}

/// <summary>How the name of a <see cref="KafkaTopicConfig"/> is matched.</summary>
public static class KafkaPatterns
{
    /// <summary>The name is equal.</summary>
    public const string Literal = "Literal";

    /// <summary>The name starts with it.</summary>
    public const string Prefix = "Prefix";
}

/// <summary>The observed state of a KafkaServerConfig.</summary>
public sealed class KafkaServerConfigStatus : ICountedStatus
{
    /// <summary>The most recent metadata.generation observed by the operator.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>The conditions Ready, Reconciling and Stalled.</summary>
    [Schema(ListType = "map", ListMapKey = "type")]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>What telemetry has counted of this object. Absent if telemetry is off.</summary>
    public TelemetryMark? Telemetry { get; set; }
}
