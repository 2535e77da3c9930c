using System.Text.Json.Serialization;
using k8s.Models;
using Wayleave.Api.Schema;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Api;

/// <summary>Configures how declarations are enforced in the selected namespaces.</summary>
[KubernetesEntity(
    Group = Group.Name, ApiVersion = Group.Version, Kind = "EnforcementPolicy", PluralName = "enforcementpolicies")]
[EntityScope(EntityScope.Cluster)]
[CustomResource("enp")]
[PrinterColumn(1, "Mode", "string", ".spec.mode")]
[PrinterColumn(2, "Egress", "boolean", ".spec.egress")]
[PrinterColumn(3, "Priority", "integer", ".spec.priority")]
[PrinterColumn(4, "Namespaces", "integer", ".status.namespaces")]
[PrinterColumn(5, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(6, "Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn(7, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(8, "Workloads", "integer", ".status.workloads", IsWide = true)]
[PrinterColumn(9, "Overridden", "integer", ".status.outranked", IsWide = true)]
[PrinterColumn(10, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", IsWide = true)]
public sealed class EnforcementPolicy : ReportedKind<EnforcementPolicy, EnforcementPolicySpec, EnforcementPolicyStatus>;

/// <summary>The selected namespaces and their settings.</summary>
public sealed class EnforcementPolicySpec
{
    /// <summary>
    /// The policy with the highest priority applies to a namespace; others that select it are ignored. Ties go to the older policy, then to
    /// the first name in alphabetical order. Defaults to 0.
    /// </summary>
    [Schema(Minimum = 0, Maximum = 1000)]
    public int? Priority { get; set; }

    /// <summary>
    /// Selects namespaces by label. Defaults to all namespaces. System namespaces (kube-*, openshift-*, the operator's own, and those that
    /// the operator is configured with) are selected only if kubernetes.io/metadata.name names them here.
    /// </summary>
    public V1LabelSelector? NamespaceSelector { get; set; }

    /// <summary>
    /// Enforce writes NetworkPolicies. Shadow writes only those of ProtectedServices and reports the rest in statuses. Disabled writes none
    /// and deletes existing ones.
    /// </summary>
    [Schema(EnumOf = typeof(EnforcementModeNames))]
    public string Mode { get; set; } = "";

    /// <summary>If true, clients may reach only the targets of their ClientIntents. Defaults to false.</summary>
    public bool? Egress { get; set; }

    /// <summary>The namespaces whose ClientIntents are accepted for servers in the selected namespaces.</summary>
    public AcceptedIntents? AcceptFrom { get; set; }

    /// <summary>Traffic that is allowed without ClientIntents.</summary>
    public AllowedTraffic? Allow { get; set; }
}

/// <summary>The namespaces whose ClientIntents are accepted.</summary>
public sealed class AcceptedIntents
{
    /// <summary>
    /// Selects namespaces by label. The server's own namespace is included only if the selector matches it. ClientIntents of other
    /// namespaces neither isolate a server nor allow a call to it. Defaults to all namespaces.
    /// </summary>
    public V1LabelSelector? NamespaceSelector { get; set; }
}

/// <summary>The modes of an <see cref="EnforcementPolicy"/>.</summary>
public static class EnforcementModeNames
{
    /// <summary>NetworkPolicies are written.</summary>
    public const string Enforce = "Enforce";

    /// <summary>NetworkPolicies are computed and reported. Only those of ProtectedServices are written.</summary>
    public const string Shadow = "Shadow";

    /// <summary>Nothing is computed, and existing NetworkPolicies are deleted.</summary>
    public const string Disabled = "Disabled";
}

/// <summary>Traffic that is allowed in the selected namespaces without ClientIntents.</summary>
public sealed class AllowedTraffic
{
    /// <summary>
    /// If egress is restricted, whether clients may use DNS: port 53, and the ports on which the Pods of the cluster's DNS listen. Defaults
    /// to true.
    /// </summary>
    public bool? Dns { get; set; }

    /// <summary>More ports to allow for DNS to any address: 5353, "5353/UDP". Both UDP and TCP unless a protocol is given.</summary>
    [Schema(MaxItems = 10)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535, MaxLength = 16, Pattern = Patterns.NumericPort)]
    public List<PortNumberOrName>? DnsPorts { get; set; }

    /// <summary>
    /// Whether an isolated server that is exposed outside the cluster stays reachable from there: by a Service of type LoadBalancer
    /// or NodePort or with external IPs, an Ingress, a Gateway API route, or as a webhook of the API server. Auto or Never. Defaults to the
    /// operator's setting, which is Auto.
    /// </summary>
    [Schema(EnumOf = typeof(ExternalModeNames))]
    public string? External { get; set; }

    /// <summary>
    /// The Pods of ingress controllers and gateways that forward requests to servers in the selected namespaces. Defaults to the well-known
    /// labels of the controller of each Ingress and route.
    /// </summary>
    [Schema(MaxItems = 20)]
    public List<IngressController>? IngressControllers { get; set; }

    /// <summary>Clients that may call all servers, for example Prometheus.</summary>
    [Schema(MaxItems = 50)]
    public List<AllowedCaller>? From { get; set; }
}

/// <summary>Whether exposed servers are kept reachable from outside the cluster.</summary>
public static class ExternalModeNames
{
    /// <summary>The policy of an exposed server allows what its exposure needs.</summary>
    public const string Auto = "Auto";

    /// <summary>Exposure is ignored: only declared clients and <c>allow.from</c> may call.</summary>
    public const string Never = "Never";
}

/// <summary>Pods of an ingress controller. Both selectors, where given, must match.</summary>
[Schema(RequireAnyOf = ["namespaceSelector", "podSelector"])]
public sealed class IngressController
{
    /// <summary>Selects namespaces by label. Defaults to the server's own namespace.</summary>
    public V1LabelSelector? NamespaceSelector { get; set; }

    /// <summary>Selects Pods by label. Defaults to all Pods of the namespaces.</summary>
    public V1LabelSelector? PodSelector { get; set; }
}

/// <summary>
/// A client that may call all servers in the selected namespaces: Pods by selectors, addresses by ipBlock, or any client on the given
/// ports.
/// </summary>
[Schema(RequireAnyOf = ["namespaceSelector", "podSelector", "ipBlock", "ports"])]
public sealed class AllowedCaller
{
    /// <summary>Selects namespaces by label. An empty selector means all namespaces. Defaults to the server's own namespace.</summary>
    public V1LabelSelector? NamespaceSelector { get; set; }

    /// <summary>Selects Pods by label. Defaults to all Pods of the namespaces.</summary>
    public V1LabelSelector? PodSelector { get; set; }

    /// <summary>
    /// Addresses, for clients that are not Pods: load balancers, nodes, health checks. Cannot be combined with selectors.
    /// </summary>
    public AllowedAddresses? IpBlock { get; set; }

    /// <summary>
    /// The allowed ports: 8080, "53/UDP", "9000-9010", or the name of a container port. TCP unless a protocol is given. Defaults to
    /// every port and protocol.
    /// </summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535, MaxLength = 16, Pattern = Patterns.Port)]
    public List<PortNumberOrName>? Ports { get; set; }
}

/// <summary>An address range.</summary>
public sealed class AllowedAddresses
{
    /// <summary>The range in CIDR notation, for example 10.0.0.0/8 or 2001:db8::/32.</summary>
    [Schema(MaxLength = 49, Pattern = Patterns.IpOrCidr)]
    public string Cidr { get; set; } = "";

    /// <summary>Ranges within cidr that are not allowed.</summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, MaxLength = 49, Pattern = Patterns.IpOrCidr)]
    public List<string>? Except { get; set; }
}

/// <summary>The observed state of an EnforcementPolicy.</summary>
public sealed class EnforcementPolicyStatus : ICountedStatus
{
    /// <summary>The most recent metadata.generation observed by the operator.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>The metadata.generation that is enforced. Lower than observedGeneration while the current spec is invalid.</summary>
    public long? EnforcedGeneration { get; set; }

    /// <summary>The spec that is enforced, as JSON. Present only while the current spec is invalid.</summary>
    public string? EnforcedSpec { get; set; }

    /// <summary>The number of namespaces that this policy applies to.</summary>
    public int? Namespaces { get; set; }

    /// <summary>The number of workloads in those namespaces.</summary>
    public int? Workloads { get; set; }

    /// <summary>The number of selected namespaces to which another policy applies.</summary>
    [JsonPropertyName("outranked")]
    public int? Overridden { get; set; }

    /// <summary>
    /// The conditions Ready, Reconciling, Stalled and Overridden. Overridden is set while another policy applies to a selected namespace.
    /// With the network mapper and in mode Shadow, ReadyToEnforce says whether mode Enforce would cut calls that were seen.
    /// </summary>
    [Schema(ListType = "map", ListMapKey = "type")]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>What telemetry has counted of this object. Absent if telemetry is off.</summary>
    public TelemetryMark? Telemetry { get; set; }
}
