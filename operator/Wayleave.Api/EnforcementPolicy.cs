using Wayleave.Api.Schema;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using k8s;
using k8s.Models;

namespace Wayleave.Api;

/// <summary>Says how declarations are enforced in the namespaces it selects.</summary>
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
[PrinterColumn(8, "Workloads", "integer", ".status.workloads", Wide = true)]
[PrinterColumn(9, "Outranked", "integer", ".status.outranked", Wide = true)]
[PrinterColumn(10, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Wide = true)]
public sealed class EnforcementPolicy : IKubernetesObject<V1ObjectMeta>, ISpec<EnforcementPolicySpec>, IStatus<EnforcementPolicyStatus?>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is declared.</summary>
    public EnforcementPolicySpec Spec { get; set; } = new();

    /// <summary>What became of it. Written by the operator.</summary>
    public EnforcementPolicyStatus? Status { get; set; }
}

/// <summary>Which namespaces are governed, and how.</summary>
public sealed class EnforcementPolicySpec
{
    /// <summary>
    /// Of the policies that select a namespace, the one with the highest priority governs it alone; of equals the older, then the one whose
    /// name comes first. 0 when absent.
    /// </summary>
    [Schema(Minimum = 0, Maximum = 1000)]
    public int? Priority { get; set; }

    /// <summary>
    /// The namespaces that this policy governs, by label. Defaults to all namespaces. System namespaces (kube-*, openshift-*, the operator's
    /// own, and those that the operator is configured with) are governed only when kubernetes.io/metadata.name names them here.
    /// </summary>
    public V1LabelSelector? NamespaceSelector { get; set; }

    /// <summary>
    /// Enforce writes network policies. Shadow writes only those of ProtectedServices and reports the rest. Disabled writes none and deletes
    /// the ones that were written before.
    /// </summary>
    [Schema(EnumOf = typeof(EnforcementModes))]
    public string Mode { get; set; } = "";

    /// <summary>Also restrict what clients may reach to what their ClientIntents name. False when absent.</summary>
    public bool? Egress { get; set; }

    /// <summary>Whose ClientIntents count for servers in the governed namespaces.</summary>
    public AcceptedIntents? AcceptFrom { get; set; }

    /// <summary>Traffic that is allowed without any ClientIntents.</summary>
    public AllowedTraffic? Allow { get; set; }
}

/// <summary>Whose ClientIntents count for the servers of a namespace.</summary>
public sealed class AcceptedIntents
{
    /// <summary>
    /// Namespaces whose ClientIntents count, by label; the governed namespace itself is included only when the selector matches it. Intents
    /// from other namespaces neither isolate a server nor allow a call to it. Defaults to all namespaces.
    /// </summary>
    public V1LabelSelector? NamespaceSelector { get; set; }
}

/// <summary>The modes of an <see cref="EnforcementPolicy"/>.</summary>
public static class EnforcementModes
{
    /// <summary>Policies are written.</summary>
    public const string Enforce = "Enforce";

    /// <summary>Policies are computed and reported; only those of protected servers are written.</summary>
    public const string Shadow = "Shadow";

    /// <summary>Nothing is computed, and policies that were written before are deleted.</summary>
    public const string Disabled = "Disabled";
}

/// <summary>Traffic that is allowed in the governed namespaces without being declared.</summary>
public sealed class AllowedTraffic
{
    /// <summary>
    /// Where egress is restricted, whether clients may look up names: port 53, and the ports that the Pods of the cluster's DNS listen on.
    /// Defaults to true.
    /// </summary>
    public bool? Dns { get; set; }

    /// <summary>More ports to allow for DNS, at every address: 5353, "5353/UDP". Without a protocol, both UDP and TCP.</summary>
    [Schema(MaxItems = 10)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535, MaxLength = 16, Pattern = Patterns.NumericPort)]
    public List<PortNumberOrName>? DnsPorts { get; set; }

    /// <summary>
    /// Whether a server that is exposed outside the cluster stays reachable from there when it is isolated: by a Service of type LoadBalancer
    /// or NodePort or with external IPs, an Ingress, a Gateway API route, or as a webhook of the API server. Auto or Never. Defaults to the
    /// operator's setting, which is Auto.
    /// </summary>
    [Schema(EnumOf = typeof(ExternalModes))]
    public string? External { get; set; }

    /// <summary>
    /// Pods of the ingress controllers and gateways that forward requests to servers in the governed namespaces. Defaults to the well-known
    /// labels of the controller of each Ingress and route.
    /// </summary>
    [Schema(MaxItems = 20)]
    public List<IngressController>? IngressControllers { get; set; }

    /// <summary>Clients that may call every server: Prometheus, health checks and the like.</summary>
    [Schema(MaxItems = 50)]
    public List<AllowedCaller>? From { get; set; }
}

/// <summary>Whether exposed servers are kept reachable from outside the cluster.</summary>
public static class ExternalModes
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
    /// <summary>Namespaces of the Pods. Defaults to the server's own namespace.</summary>
    public V1LabelSelector? NamespaceSelector { get; set; }

    /// <summary>Labels of the Pods. Defaults to all Pods of the namespaces.</summary>
    public V1LabelSelector? PodSelector { get; set; }
}

/// <summary>
/// A client that may call every server in the governed namespaces: Pods by selectors, addresses by ipBlock, or anyone on the given ports.
/// </summary>
[Schema(RequireAnyOf = ["namespaceSelector", "podSelector", "ipBlock", "ports"])]
public sealed class AllowedCaller
{
    /// <summary>Namespaces of the Pods. An empty selector means all namespaces. Defaults to the server's own namespace.</summary>
    public V1LabelSelector? NamespaceSelector { get; set; }

    /// <summary>Labels of the Pods. Defaults to all Pods of the namespaces.</summary>
    public V1LabelSelector? PodSelector { get; set; }

    /// <summary>Addresses, for callers that are not Pods: load balancers, nodes, health checks. Excludes the selectors.</summary>
    public AllowedAddresses? IpBlock { get; set; }

    /// <summary>
    /// Ports that may be called: 8080, "53/UDP", "9000-9010", or the name of a container port. TCP unless a protocol is given. Defaults to
    /// every port and protocol.
    /// </summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535, MaxLength = 16, Pattern = Patterns.Port)]
    public List<PortNumberOrName>? Ports { get; set; }
}

/// <summary>A range of addresses.</summary>
public sealed class AllowedAddresses
{
    /// <summary>The range in CIDR form, for example 10.0.0.0/8 or 2001:db8::/32.</summary>
    [Schema(MaxLength = 49, Pattern = Patterns.IpOrCidr)]
    public string Cidr { get; set; } = "";

    /// <summary>Ranges inside cidr that stay excluded.</summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, MaxLength = 49, Pattern = Patterns.IpOrCidr)]
    public List<string>? Except { get; set; }
}

/// <summary>What became of an EnforcementPolicy.</summary>
public sealed class EnforcementPolicyStatus
{
    /// <summary>The metadata.generation that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>The metadata.generation that governs. Older than observedGeneration while the present spec is invalid.</summary>
    public long? EnforcedGeneration { get; set; }

    /// <summary>The spec that governs, as JSON; only while the present spec is invalid.</summary>
    public string? EnforcedSpec { get; set; }

    /// <summary>How many namespaces it governs.</summary>
    public int? Namespaces { get; set; }

    /// <summary>How many workloads there are in the namespaces it governs.</summary>
    public int? Workloads { get; set; }

    /// <summary>How many namespaces it selects that another policy governs.</summary>
    public int? Outranked { get; set; }

    /// <summary>Ready; Reconciling or Stalled while they hold; and Outranked while another policy governs what this one selects.</summary>
    [Schema(ListType = "map", ListMapKey = "type")]
    public List<V1Condition>? Conditions { get; set; }

    /// <summary>What telemetry counts of it; absent with telemetry off.</summary>
    public TelemetryMark? Telemetry { get; set; }
}
