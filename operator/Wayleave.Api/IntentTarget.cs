using k8s.Models;
using Wayleave.Api.Schema;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Api;

/// <summary>A target of a call. Exactly one key must be set.</summary>
[Schema(MinProperties = 1, MaxProperties = 1)]
public sealed class IntentTarget
{
    /// <summary>A workload in the cluster.</summary>
    public KubernetesTarget? Kubernetes { get; set; }

    /// <summary>A Service in the cluster.</summary>
    public ServiceTarget? Service { get; set; }

    /// <summary>Addresses or domains outside the cluster.</summary>
    public InternetTarget? Internet { get; set; }

    /// <summary>Topics of a Kafka server.</summary>
    public KafkaTarget? Kafka { get; set; }

    /// <summary>Tables of a SQL server.</summary>
    public SqlTarget? Sql { get; set; }
}

/// <summary>The keys of a target, as shown in the status.</summary>
public static class TargetTypes
{
    /// <summary>A workload in the cluster.</summary>
    public const string Kubernetes = "kubernetes";

    /// <summary>A Service.</summary>
    public const string Service = "service";

    /// <summary>Addresses or domains outside the cluster.</summary>
    public const string Internet = "internet";

    /// <summary>Topics of a Kafka server.</summary>
    public const string Kafka = "kafka";

    /// <summary>Tables of a SQL server.</summary>
    public const string Sql = "sql";

    /// <summary>A target with no key or several keys.</summary>
    public const string Unknown = "unknown";
}

/// <summary>A workload as the target of a call.</summary>
public sealed class KubernetesTarget
{
    /// <summary>
    /// The name of the workload, with its namespace after a dot if it is another one: cart, or orders.billing. A name that contains a dot
    /// always needs its namespace.
    /// </summary>
    [Schema(MinLength = 1, MaxLength = 317, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The kind of the workload. Required only if workloads of several kinds have this name.</summary>
    [Schema(EnumOf = typeof(WorkloadKindNames))]
    public string? Kind { get; set; }

    /// <summary>
    /// The labels of the server's Pods in its namespace, for Pods whose controller is not one of the supported kinds, such as an Argo
    /// Rollout or a database operator. If set, name is only shown in statuses and policies, and kind is ignored.
    /// </summary>
    public V1LabelSelector? Selector { get; set; }

    /// <summary>
    /// Ports of the server's Pods that the client calls: 8080, "53/UDP", "9000-9010", "9000-9010/UDP", or the name of a container port.
    /// TCP unless a protocol is given. Defaults to every port and protocol.
    /// </summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535, MaxLength = 16, Pattern = Patterns.Port)]
    public List<PortNumberOrName>? Ports { get; set; }

    /// <summary>The HTTP requests of the client. Only the connection is enforced, not the paths.</summary>
    [Schema(MaxItems = 100)]
    public List<HttpResource>? Http { get; set; }
}

/// <summary>A Service as the target of a call.</summary>
public sealed class ServiceTarget
{
    /// <summary>The name of the Service, with its namespace after a dot if it is another one: redis, or redis.data.</summary>
    [Schema(MinLength = 1, MaxLength = 127, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>
    /// Ports of the Service that the client calls: 8080, "53/UDP", "9000-9010", or the name of a Service port. A number without a protocol
    /// means all protocols of the Service on this port. Defaults to all ports of the Service.
    /// </summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535, MaxLength = 16, Pattern = Patterns.Port)]
    public List<PortNumberOrName>? Ports { get; set; }
}

/// <summary>Addresses, domains or both outside the cluster.</summary>
[Schema(RequireAnyOf = ["ips", "domains"])]
public sealed class InternetTarget
{
    /// <summary>Addresses, or address ranges in CIDR notation.</summary>
    [Schema(MinItems = 1, MaxItems = 100)]
    [Schema(Items = true, MaxLength = 49, Pattern = Patterns.IpOrCidr)]
    public List<string>? Ips { get; set; }

    /// <summary>Ranges within ips that are not allowed, also as the address of a domain.</summary>
    [Schema(MinItems = 1, MaxItems = 100)]
    [Schema(Items = true, MaxLength = 49, Pattern = Patterns.IpOrCidr)]
    public List<string>? Except { get; set; }

    /// <summary>
    /// DNS names. The first label may be *, which stands for one label or more: *.example.com includes a.example.com and a.b.example.com,
    /// and not example.com. Such a wildcard needs the network mapper: it allows the addresses that DNS answered to the Pods of the client.
    /// </summary>
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
