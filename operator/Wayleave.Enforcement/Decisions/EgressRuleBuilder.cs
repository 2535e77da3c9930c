using System.Net;
using k8s.Models;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Collects the rules of an egress policy.</summary>
internal sealed class EgressRuleBuilder(PolicySubject client, ClientInputs inputs)
    : RuleBuilder(client, PolicyDirection.Egress, inputs)
{
    private static readonly PolicyPort[] _dns = [new("TCP", 53), new("UDP", 53)];

    private readonly AllowedPodSet _pods = new();

    public AddressSet Addresses { get; } = new();

    /// <summary>The addresses of the cluster's Pods and Services.</summary>
    public IReadOnlyList<IPNetwork> ClusterRanges => inputs.ClusterRanges;

    /// <summary>Whether the API server stores ranges of ports.</summary>
    public bool SupportsPortRanges => inputs.Network.SupportsPortRanges;

    /// <summary>Allows Pods to be called, on every port if <paramref name="ports"/> is empty.</summary>
    public void Allow(PolicySubject server, IReadOnlyList<PolicyPort> ports) => _pods.Allow(server, ports);

    public override V1NetworkPolicy Build()
    {
        List<V1NetworkPolicyEgressRule> rules = IsSeparated() ? [] : [new() { To = [NetworkPolicyBuilder.OwnPods(Subject)] }];
        rules.AddRange(DnsRules());
        rules.AddRange(_pods.ToOrderedList().Select(allowed =>
            NetworkPolicyBuilder.EgressRule(allowed.Pods.Namespace, allowed.Pods.PodSelector, allowed.Ports)));
        rules.AddRange(Addresses.Groups.Select(Rule));
        if (RetainsExistingRules && Existing is not null)
        {
            rules.AddRange([.. RetainedRules.GetEgress(Existing, rules)]);
        }

        return NetworkPolicyBuilder.Egress(Subject, rules);
    }

    /// <summary>
    /// The numbers of named ports in the existing policy, used while the Pods are unknown. The declared ports if there is no such policy.
    /// </summary>
    public IReadOnlyList<PolicyPort> FindExistingPorts(PolicySubject server, IReadOnlyList<PolicyPort> declared) =>
        (declared.Any(port => port.Port.Text is not null) ? RetainedRules.FindPorts(Existing, server, declared) : null) ?? declared;

    /// <summary>Keeps the existing rules for Pods that are only known from the existing policy.</summary>
    public void RetainExistingRules(PolicySubject server)
    {
        foreach (var ports in RetainedRules.FindRulePorts(Existing, server))
        {
            Allow(server, ports);
        }
    }

    /// <summary>
    /// The single addresses that the client's policy in force opens at just these ports: those that an earlier lookup found are among them.
    /// </summary>
    public IEnumerable<AddressBlock> FindExistingAddresses(IReadOnlyList<PolicyPort> ports)
    {
        var wanted = NetworkPolicyBuilder.Ports(PortSet.Order(ports));
        return inputs.PoliciesBeforeLookup
            .Where(policy => policy.Metadata.Name == Name)
            .SelectMany(policy => policy.Spec?.Egress ?? [])
            .Where(rule => PolicyEquality.PortsEqual(rule.Ports, wanted))
            .SelectMany(rule => rule.To ?? [])
            .Where(peer => peer.IpBlock is { Except: null or [] } block && IsOneAddress(block.Cidr))
            .Select(peer => new AddressBlock(peer.IpBlock!.Cidr!));
    }

    private static bool IsOneAddress(string? cidr) =>
        IPNetwork.TryParse(cidr, out var network) && network.PrefixLength == network.BaseAddress.GetAddressBytes().Length * 8;

    // A protection without a kind means the one workload that has the name.
    private bool IsSeparated() =>
        inputs.WorkloadsWithoutOwnPods.Any(reference => WorkloadResolver.Resolve(reference, inputs.Candidates) switch
        {
            WorkloadResolution.Found { Workload: var found } => found.Kind.Name() == Subject.Kind && found.Name == Subject.Name,
            WorkloadResolution.Ambiguous ambiguous => ambiguous.Kinds.Any(kind => kind.Name() == Subject.Kind),
            _ => Subject.Kind != WorkloadKindParser.Pods && (reference.Kind is null || reference.Kind.Value.Name() == Subject.Kind),
        });

    // Port 53 without peers: a resolver may be a Pod, an address of the node (NodeLocal DNSCache), or somewhere else. Network plugins that
    // look at packets after the Service address was translated see the port that the DNS Pods really listen on.
    private IEnumerable<V1NetworkPolicyEgressRule> DnsRules()
    {
        if (!inputs.Settings.AllowsDns)
        {
            yield break;
        }

        List<PolicyPort> open =
            [.. _dns, .. inputs.Settings.DnsPorts.SelectMany(port => PortResolver.ToSupportedPorts(port, SupportsPortRanges))];
        yield return new V1NetworkPolicyEgressRule { Ports = NetworkPolicyBuilder.Ports([.. open.Distinct().Order()]) };
        foreach (var server in inputs.Network.Dns)
        {
            var others = server.Ports.Where(port => !open.Exists(allowed => allowed.Includes(port))).ToList();
            if (others.Count > 0)
            {
                yield return NetworkPolicyBuilder.EgressRule(server.Service.Namespace, server.Pods, others);
            }
        }
    }

    private static V1NetworkPolicyEgressRule Rule(AddressGroup addresses) => new()
    {
        To = addresses.Blocks.Select(block => new V1NetworkPolicyPeer { IpBlock = IpBlock(block) }).ToList(),
        Ports = NetworkPolicyBuilder.Ports(addresses.Ports),
    };

    private static V1IPBlock IpBlock(AddressBlock block) =>
        new() { Cidr = block.Cidr, Except = block.Except.Count == 0 ? null : [.. block.Except] };
}
