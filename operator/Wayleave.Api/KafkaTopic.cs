using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>A topic and what is done with it.</summary>
public sealed class KafkaTopic
{
    /// <summary>The topic's name; * for every topic.</summary>
    [Schema(MinLength = 1, MaxLength = 249, Pattern = @"^([a-zA-Z0-9._-]+|\*)$")]
    public string Name { get; set; } = "";

    /// <summary>What is done with the topic.</summary>
    [Schema(MinItems = 1, MaxItems = 9)]
    [Schema(Items = true, EnumOf = typeof(KafkaOperations))]
    public List<string> Operations { get; set; } = [];
}
