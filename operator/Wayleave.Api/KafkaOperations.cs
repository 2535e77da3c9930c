namespace Wayleave.Api;

/// <summary>The operations on a Kafka topic, as Kafka's access control lists know them.</summary>
public static class KafkaOperations
{
    /// <summary>Every operation.</summary>
    public const string All = "all";

    /// <summary>Read records.</summary>
    public const string Consume = "consume";

    /// <summary>Write records.</summary>
    public const string Produce = "produce";

    /// <summary>Create the topic.</summary>
    public const string Create = "create";

    /// <summary>Change the topic.</summary>
    public const string Alter = "alter";

    /// <summary>Delete the topic.</summary>
    public const string Delete = "delete";

    /// <summary>Read what the topic is like.</summary>
    public const string Describe = "describe";

    /// <summary>Read the topic's configuration.</summary>
    public const string DescribeConfigs = "describeConfigs";

    /// <summary>Change the topic's configuration.</summary>
    public const string AlterConfigs = "alterConfigs";
}
