using Wayleave.Api.Schema;

namespace Wayleave.Api;

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
