using System.Net;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>A policy about whom a client may call, being put together.</summary>
internal sealed class EgressDraft(Workload client, ClientInputs inputs)
{
    private readonly PolicySubject _subject = new(client.Kind.Name(), client.Namespace, client.Name, client.PodSelector);
    private readonly string _policyName = PolicyName.For(client.Kind.Name(), client.Name, PolicyDirection.Egress);

    public DraftClaims Claims { get; } =
        new(inputs.Rule.Mode.Mode, PolicyName.For(client.Kind.Name(), client.Name, PolicyDirection.Egress));

    public DestinationSet Destinations { get; } = new();

    /// <summary>The addresses of the cluster's Pods and Services.</summary>
    public IReadOnlyList<IPNetwork> ClusterRanges => inputs.ClusterRanges;

    public V1NetworkPolicy Build() =>
        EgressPolicyBuilder.Build(new EffectiveEgress(_subject, Destinations.Pods(), Destinations.Addresses(), inputs.Rule.Dns));

    /// <summary>
    /// The single addresses that the client's policy in force opens at just these ports: those that an earlier lookup found are among them.
    /// </summary>
    public IEnumerable<AddressBlock> InForce(IReadOnlyList<PolicyPort> ports)
    {
        var set = new PortSet();
        set.Add(ports);
        var wanted = PolicyParts.Ports(set.ToOrderedList());
        return inputs.InForce
            .Where(policy => policy.Metadata.Name == _policyName)
            .SelectMany(policy => policy.Spec?.Egress ?? [])
            .Where(rule => PolicyEquality.SamePorts(rule.Ports, wanted))
            .SelectMany(rule => rule.To ?? [])
            .Where(peer => peer.IpBlock is { Except: null or [] } block && IsOneAddress(block.Cidr))
            .Select(peer => new AddressBlock(peer.IpBlock!.Cidr!));
    }

    private static bool IsOneAddress(string? cidr) =>
        IPNetwork.TryParse(cidr, out var network) && network.PrefixLength == network.BaseAddress.GetAddressBytes().Length * 8;
}
