using System.Globalization;
using System.Net;
using k8s.Models;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;

namespace Wayleave.Enforcement.Connectivity;

/// <summary>Evaluates the peers and ports of a rule as the Kubernetes API defines them. Invalid input matches nothing.</summary>
internal static class RuleMatch
{
    private const int FirstPort = 1;
    private const int LastPort = 65535;

    /// <summary>Whether the peers match a Pod. No peers match everything.</summary>
    /// <param name="peers">The <c>from</c> or <c>to</c> of the rule.</param>
    /// <param name="policyNamespace">Where peers without a namespace selector are.</param>
    /// <param name="pod">The other end of the connection.</param>
    /// <param name="labels">The labels of its namespace.</param>
    public static bool MatchesPeer(
        IList<V1NetworkPolicyPeer>? peers, string policyNamespace, NetworkPod pod, IDictionary<string, string>? labels)
    {
        if (peers is null or { Count: 0 })
        {
            return true;
        }

        foreach (var peer in peers)
        {
            if (MatchesPeer(peer, policyNamespace, pod, labels))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the ports match. No ports match every port.</summary>
    /// <param name="port">A number and a protocol; null for every port.</param>
    /// <param name="server">Resolves port names.</param>
    public static bool MatchesPort(IList<V1NetworkPolicyPort>? ports, PolicyPort? port, NetworkPod server)
    {
        if (ports is null or { Count: 0 })
        {
            return true;
        }

        return port is { } asked
            && ports.Any(given => Ranges(given, server).Any(
                range => (given.Protocol ?? PolicyPort.Tcp) == asked.Protocol
                    && range.First <= asked.Port.Number && asked.Port.Number <= range.Last));
    }

    /// <summary>The first number of each port or range of a rule. Where two sets overlap, the overlap starts with one.</summary>
    public static IEnumerable<PolicyPort> Starts(IList<V1NetworkPolicyPort>? ports, NetworkPod server) =>
        from port in ports ?? []
        from range in Ranges(port, server)
        select new PolicyPort(port.Protocol ?? PolicyPort.Tcp, range.First);

    private static IEnumerable<(int First, int Last)> Ranges(V1NetworkPolicyPort port, NetworkPod server)
    {
        if (port.Port is null)
        {
            return port.EndPort is null ? [(FirstPort, LastPort)] : [];
        }

        var named = PolicyPort.From(port);
        if (named.Port.Text is not { } name)
        {
            return [(named.Port.Number, port.EndPort ?? named.Port.Number)];
        }

        return port.EndPort is null
            ? server.Ports
                .Where(declared => declared.Name == name && declared.Protocol == named.Protocol)
                .Select(declared => (declared.Number, declared.Number))
            : [];
    }

    private static bool MatchesPeer(
        V1NetworkPolicyPeer peer, string policyNamespace, NetworkPod pod, IDictionary<string, string>? labels)
    {
        if (peer.IpBlock is { } block)
        {
            return pod.Addresses.Count == 0 ? IsEveryAddress(block) : pod.Addresses.Any(address => Contains(block, address));
        }

        if (pod.HostNetwork || (peer.NamespaceSelector is null && peer.PodSelector is null))
        {
            return false;
        }

        var isInNamespace = peer.NamespaceSelector is { } namespaces
            ? SelectorMatch.Matches(namespaces, labels)
            : pod.Namespace == policyNamespace;
        return isInNamespace && (peer.PodSelector is not { } pods || SelectorMatch.Matches(pods, pod.Labels));
    }

    private static bool IsEveryAddress(V1IPBlock block) =>
        block.Cidr?.EndsWith("/0", StringComparison.Ordinal) == true && block.Except is null or { Count: 0 };

    private static bool Contains(V1IPBlock block, IPAddress address) =>
        Contains(block.Cidr, address) && block.Except?.Any(except => Contains(except, address)) != true;

    // The API server accepts host bits, which IPNetwork does not.
    private static bool Contains(string? cidr, IPAddress address)
    {
        var slash = cidr?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0
            || !IPAddress.TryParse(cidr.AsSpan(0, slash), out var start)
            || !int.TryParse(cidr.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return false;
        }

        return start.AddressFamily == address.AddressFamily && length <= AddressRange.Bits(start)
            && AddressRange.Network(start, length).Equals(AddressRange.Network(address, length));
    }
}
