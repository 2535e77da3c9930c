using Wayleave.Api.Schema;

namespace Wayleave.Api;

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
