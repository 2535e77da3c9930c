using Wayleave.Api.Schema;
using Wayleave.Kubernetes.Models;
using k8s.Models;

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

/// <summary>A workload that is called.</summary>
public sealed class KubernetesTarget
{
    /// <summary>
    /// The workload's name, and its namespace after a dot when it is not this object's: cart, or orders.billing. A name that has
    /// a dot itself is always given with its namespace.
    /// </summary>
    [Schema(MinLength = 1, MaxLength = 317, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>Kind of the workload. Required only where workloads of several kinds have the name.</summary>
    [Schema(EnumOf = typeof(WorkloadKinds))]
    public string? Kind { get; set; }

    /// <summary>
    /// Labels of the server's Pods in its namespace, for Pods of a controller that is none of the supported kinds, such as an Argo Rollout
    /// or a database operator. When set, the name is only a label for statuses and policies, and kind is ignored.
    /// </summary>
    public V1LabelSelector? Selector { get; set; }

    /// <summary>
    /// Ports of the server's Pods that the client calls: 8080, "53/UDP", "9000-9010", "9000-9010/UDP", or the name of a container port.
    /// TCP unless a protocol is given. Defaults to every port and protocol.
    /// </summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535, MaxLength = 16, Pattern = Patterns.Port)]
    public List<PortNumberOrName>? Ports { get; set; }

    /// <summary>The HTTP requests that are made. The connection is enforced, the paths are not yet.</summary>
    [Schema(MaxItems = 100)]
    public List<HttpResource>? Http { get; set; }
}

/// <summary>A Service that is called.</summary>
public sealed class ServiceTarget
{
    /// <summary>The Service's name, and its namespace after a dot when it is not this object's: redis, or redis.data.</summary>
    [Schema(MinLength = 1, MaxLength = 127, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>
    /// Ports of the Service that the client calls: 8080, "53/UDP", "9000-9010", or the name of a Service port. A number without a protocol
    /// means every protocol that the Service has on it. Defaults to all ports of the Service.
    /// </summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535, MaxLength = 16, Pattern = Patterns.Port)]
    public List<PortNumberOrName>? Ports { get; set; }
}

/// <summary>Something outside the cluster that is called, by address, by name, or both.</summary>
[Schema(RequireAnyOf = ["ips", "domains"])]
public sealed class InternetTarget
{
    /// <summary>Addresses, or ranges of them in CIDR form.</summary>
    [Schema(MinItems = 1, MaxItems = 100)]
    [Schema(Items = true, MaxLength = 49, Pattern = Patterns.IpOrCidr)]
    public List<string>? Ips { get; set; }

    /// <summary>Ranges within ips that stay closed. An address of a domain that lies in one of them stays closed too.</summary>
    [Schema(MinItems = 1, MaxItems = 100)]
    [Schema(Items = true, MaxLength = 49, Pattern = Patterns.IpOrCidr)]
    public List<string>? Except { get; set; }

    /// <summary>DNS names, of which the first label may be *.</summary>
    [Schema(MinItems = 1, MaxItems = 100)]
    [Schema(Items = true, MinLength = 1, MaxLength = 253, Pattern = Patterns.Domain)]
    public List<string>? Domains { get; set; }

    /// <summary>
    /// Ports that the client calls: 443, "123/UDP", "9000-9010" or "9000-9010/UDP". TCP unless a protocol is given. Defaults to every port
    /// and protocol.
    /// </summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535, MaxLength = 16, Pattern = Patterns.NumericPort)]
    public List<PortNumberOrName>? Ports { get; set; }
}
