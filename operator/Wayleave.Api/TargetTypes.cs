namespace Wayleave.Api;

/// <summary>The keys of a target, as the status repeats them.</summary>
public static class TargetTypes
{
    /// <summary>A workload in the cluster.</summary>
    public const string Kubernetes = "kubernetes";

    /// <summary>A Service.</summary>
    public const string Service = "service";

    /// <summary>Addresses and names outside the cluster.</summary>
    public const string Internet = "internet";

    /// <summary>Topics of a Kafka server.</summary>
    public const string Kafka = "kafka";

    /// <summary>Tables of a SQL server.</summary>
    public const string Sql = "sql";

    /// <summary>A target that has none of the keys, or several.</summary>
    public const string Unknown = "unknown";
}
