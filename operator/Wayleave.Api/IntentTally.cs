namespace Wayleave.Api;

/// <summary>How many targets there are, in all and of the types that are counted apart.</summary>
public sealed record IntentTally
{
    /// <summary>All targets.</summary>
    public long Intents { get; set; }

    /// <summary>Those that name Kafka topics.</summary>
    public long? Kafka { get; set; }

    /// <summary>Those that name HTTP paths.</summary>
    public long? Http { get; set; }

    /// <summary>Those that name database privileges.</summary>
    public long? Database { get; set; }

    /// <summary>Those that name addresses or domains outside the cluster.</summary>
    public long? Internet { get; set; }
}
