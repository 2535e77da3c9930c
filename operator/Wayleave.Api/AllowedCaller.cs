using k8s.Models;
using Wayleave.Api.Schema;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Api;

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
