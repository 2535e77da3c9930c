namespace Wayleave.Api;

/// <summary>How the name of a <see cref="KafkaTopicConfig"/> is meant.</summary>
public static class KafkaPatterns
{
    /// <summary>It is the topic's whole name.</summary>
    public const string Literal = "Literal";

    /// <summary>It is how the topics' names begin.</summary>
    public const string Prefix = "Prefix";
}
