using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>One thing that the client calls. Exactly one key is given.</summary>
[Schema(MinProperties = 1, MaxProperties = 1)]
public sealed class IntentTarget
{
    /// <summary>A workload in the cluster.</summary>
    public KubernetesTarget? Kubernetes { get; set; }

    /// <summary>The pods behind a Service.</summary>
    public ServiceTarget? Service { get; set; }

    /// <summary>Addresses and names outside the cluster.</summary>
    public InternetTarget? Internet { get; set; }

    /// <summary>Topics of a Kafka server.</summary>
    public KafkaTarget? Kafka { get; set; }

    /// <summary>Tables of a SQL server.</summary>
    public SqlTarget? Sql { get; set; }
}
