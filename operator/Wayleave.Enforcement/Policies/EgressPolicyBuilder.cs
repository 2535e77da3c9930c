using k8s.Models;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Network;

namespace Wayleave.Enforcement.Policies;

/// <summary>The effective egress of one client.</summary>
/// <param name="Pods">Pods in the cluster, each group once, in order.</param>
/// <param name="Addresses">Addresses, by the ports that they may be called at, in order.</param>
public sealed record EffectiveEgress(PolicySubject Client, IReadOnlyList<PodDestination> Pods, IReadOnlyList<AddressDestination> Addresses)
{
    /// <summary>Whether the client's Pods may reach each other.</summary>
    public bool OwnPods { get; init; } = true;

    /// <summary>Whether names may be looked up: port 53 at every address, and the Pods of <see cref="DnsServers"/>.</summary>
    public bool Dns { get; init; } = true;

    /// <summary>The cluster's DNS.</summary>
    public IReadOnlyList<DnsServer> DnsServers { get; init; } = [];

    /// <summary>More ports that DNS is allowed at, at every address.</summary>
    public IReadOnlyList<PolicyPort> DnsPorts { get; init; } = [];

    /// <summary>Rules of the policy in force that have to stay.</summary>
    public IReadOnlyList<V1NetworkPolicyEgressRule> Retained { get; init; } = [];
}

/// <summary>Builds the egress NetworkPolicy of a client. The result shares selectors with the cache; do not modify it.</summary>
public static class EgressPolicyBuilder
{
    private static readonly PolicyPort[] _dns = [new("TCP", 53), new("UDP", 53)];

    /// <summary>
    /// The policy that lets the client reach just these destinations. Without any its list of rules is empty: nothing may be reached.
    /// </summary>
    public static V1NetworkPolicy Build(EffectiveEgress egress) =>
        NetworkPolicyFactory.Policy(egress.Client, PolicyDirection.Egress, new V1NetworkPolicySpec
    {
        PodSelector = egress.Client.PodSelector,
        PolicyTypes = ["Egress"],
        Egress =
            [.. OwnPods(egress), .. Dns(egress), .. egress.Pods.Select(Rule), .. egress.Addresses.Select(Rule), .. egress.Retained],
    });

    private static V1NetworkPolicyEgressRule[] OwnPods(EffectiveEgress egress) => egress.OwnPods
        ? [new V1NetworkPolicyEgressRule { To = [new V1NetworkPolicyPeer { PodSelector = egress.Client.PodSelector }] }]
        : [];

    // Port 53 without peers: a resolver may be a Pod, an address of the node (NodeLocal DNSCache), or somewhere else. Network plugins that
    // look at packets after the Service address was translated see the port that the DNS Pods really listen on.
    private static IEnumerable<V1NetworkPolicyEgressRule> Dns(EffectiveEgress egress)
    {
        if (!egress.Dns)
        {
            yield break;
        }

        yield return new V1NetworkPolicyEgressRule
        {
            Ports = NetworkPolicyFactory.Ports([.. _dns.Concat(egress.DnsPorts).Distinct().Order()]),
        };
        foreach (var server in egress.DnsServers)
        {
            var others = server.Ports.Where(port => !_dns.Concat(egress.DnsPorts).Any(open => open.Includes(port))).ToList();
            if (others.Count > 0)
            {
                yield return new V1NetworkPolicyEgressRule
                {
                    To =
                    [
                        new V1NetworkPolicyPeer
                        {
                            NamespaceSelector = NetworkPolicyFactory.NamespaceSelector(server.Service.Namespace),
                            PodSelector = server.Pods,
                        },
                    ],
                    Ports = NetworkPolicyFactory.Ports(others),
                };
            }
        }
    }

    private static V1NetworkPolicyEgressRule Rule(PodDestination pods) => new()
    {
        To =
        [
            new V1NetworkPolicyPeer
            {
                NamespaceSelector = NetworkPolicyFactory.NamespaceSelector(pods.Server.Namespace),
                PodSelector = pods.Server.PodSelector,
            },
        ],
        Ports = NetworkPolicyFactory.Ports(pods.Ports),
    };

    private static V1NetworkPolicyEgressRule Rule(AddressDestination addresses) => new()
    {
        To = addresses.Blocks.Select(block => new V1NetworkPolicyPeer { IpBlock = IpBlock(block) }).ToList(),
        Ports = NetworkPolicyFactory.Ports(addresses.Ports),
    };

    private static V1IPBlock IpBlock(AddressBlock block) =>
        new() { Cidr = block.Cidr, Except = block.Except.Count == 0 ? null : [.. block.Except] };
}
