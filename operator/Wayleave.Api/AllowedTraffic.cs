using k8s.Models;
using Wayleave.Api.Schema;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Api;

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
