using Wayleave.Enforcement.Internet;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>
/// Puts what a client may reach in the words of <c>networking.k8s.io/v1</c>. The result shares selectors with the cache and is not to be
/// changed.
/// </summary>
public static class EgressPolicyBuilder
{
    private static readonly PolicyPort[] _dns = [new("TCP", 53), new("UDP", 53)];

    /// <summary>The policy that lets the client reach just these destinations. Without any its list of rules is empty: nothing may be reached.</summary>
    public static V1NetworkPolicy Build(EffectiveEgress egress)
    {
        ArgumentNullException.ThrowIfNull(egress);
        return PolicyParts.Policy(egress.Client, PolicyDirection.Egress, new V1NetworkPolicySpec
        {
            PodSelector = egress.Client.PodSelector,
            PolicyTypes = ["Egress"],
            Egress = [.. Dns(egress), .. egress.Pods.Select(Rule), .. egress.Addresses.Select(Rule)],
        });
    }

    // Without peers: a resolver may be a pod, an address of the node, or somewhere else.
    private static V1NetworkPolicyEgressRule[] Dns(EffectiveEgress egress) =>
        egress.Dns ? [new V1NetworkPolicyEgressRule { Ports = PolicyParts.Ports(_dns) }] : [];

    private static V1NetworkPolicyEgressRule Rule(PodDestination pods) => new()
    {
        To = [new V1NetworkPolicyPeer { NamespaceSelector = PolicyParts.NamespaceSelector(pods.Server.Namespace), PodSelector = pods.Server.PodSelector }],
        Ports = PolicyParts.Ports(pods.Ports),
    };

    private static V1NetworkPolicyEgressRule Rule(AddressDestination addresses) => new()
    {
        To = addresses.Blocks.Select(block => new V1NetworkPolicyPeer { IpBlock = IpBlock(block) }).ToList(),
        Ports = PolicyParts.Ports(addresses.Ports),
    };

    private static V1IPBlock IpBlock(AddressBlock block) =>
        new() { Cidr = block.Cidr, Except = block.Except.Count == 0 ? null : [.. block.Except] };
}
