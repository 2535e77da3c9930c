using System.Net;
using k8s.Models;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Collects the rules of an egress policy.</summary>
internal sealed class EgressRuleBuilder(PolicySubject client, ClientInputs inputs)
{
    private readonly V1NetworkPolicy? _existing = inputs.ExistingPolicies.FirstOrDefault(policy =>
        policy.Metadata.Name == PolicyName.For(client.Kind, client.Name, PolicyDirection.Egress));

    public PolicyClaims Claims { get; } = new(inputs.Settings.Mode.Mode, PolicyName.For(client.Kind, client.Name, PolicyDirection.Egress));

    public DestinationSet Destinations { get; } = new();

    /// <summary>The addresses of the cluster's Pods and Services.</summary>
    public IReadOnlyList<IPNetwork> ClusterRanges => inputs.ClusterRanges;

    /// <summary>Whether the rules of the policy in force stay beside the computed ones.</summary>
    public bool RetainsExistingRules { get; set; }

    /// <summary>Whether the API server stores ranges of ports.</summary>
    public bool SupportsPortRanges => inputs.Network.SupportsPortRanges;

    public V1NetworkPolicy Build()
    {
        var egress = new EffectiveEgress(client, Destinations.Pods(), Destinations.Addresses())
        {
            OwnPods = !IsSeparated(),
            Dns = inputs.Settings.AllowsDns,
            DnsPorts = [.. inputs.Settings.DnsPorts.SelectMany(port => PortResolver.ToSupportedPorts(port, SupportsPortRanges))],
            DnsServers = inputs.Network.Dns,
        };
        var policy = EgressPolicyBuilder.Build(egress);
        return RetainsExistingRules && _existing is not null
            ? EgressPolicyBuilder.Build(egress with { Retained = [.. RetainedRules.GetEgress(_existing, policy.Spec!.Egress!)] })
            : policy;
    }

    /// <summary>
    /// The numbers of named ports in the existing policy, used while the Pods are unknown. The declared ports if there is no such policy.
    /// </summary>
    public IReadOnlyList<PolicyPort> FindExistingPorts(PolicySubject server, IReadOnlyList<PolicyPort> declared) =>
        (declared.Any(port => port.Port.Text is not null) ? RetainedRules.FindPorts(_existing, server, declared) : null) ?? declared;

    /// <summary>Keeps the existing rules for Pods that are only known from the existing policy.</summary>
    public void RetainExistingRules(PolicySubject server)
    {
        foreach (var ports in RetainedRules.FindRulePorts(_existing, server))
        {
            Destinations.Allow(server, ports);
        }
    }

    /// <summary>
    /// The single addresses that the client's policy in force opens at just these ports: those that an earlier lookup found are among them.
    /// </summary>
    public IEnumerable<AddressBlock> FindExistingAddresses(IReadOnlyList<PolicyPort> ports)
    {
        var set = new PortSet();
        set.Add(ports);
        var wanted = NetworkPolicyFactory.Ports(set.ToOrderedList());
        return inputs.PoliciesBeforeLookup
            .Where(policy => policy.Metadata.Name == PolicyName.For(client.Kind, client.Name, PolicyDirection.Egress))
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
        WorkloadResolution.Found { Workload: var found } => found.Kind.Name() == client.Kind && found.Name == client.Name,
        WorkloadResolution.Ambiguous ambiguous => ambiguous.Kinds.Any(kind => kind.Name() == client.Kind),
        _ => client.Kind != WorkloadKindParser.Pods && (reference.Kind is null || reference.Kind.Value.Name() == client.Kind),
    });
}
