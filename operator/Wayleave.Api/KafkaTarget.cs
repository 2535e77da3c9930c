using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>A Kafka server that is called.</summary>
public sealed class KafkaTarget
{
    /// <summary>The server's name, and its namespace after a dot when it is not this object's: kafka, or kafka.streams.</summary>
    [Schema(MinLength = 1, MaxLength = 317, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The topics that are used.</summary>
    [Schema(MaxItems = 1000)]
    public List<KafkaTopic>? Topics { get; set; }
}
