using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Policies;

/// <summary>Rules, peers and ports of NetworkPolicies as text.</summary>
public static class RuleText
{
    private const int MaxBlocks = 4;

    /// <summary><c>8080, 53/UDP, 9000-9010</c>; <c>all</c> for every port.</summary>
    public static string Ports(IEnumerable<V1NetworkPolicyPort>? ports)
    {
        var all = (ports ?? []).Select(Port).ToList();
        return all.Count == 0 ? "all" : string.Join(", ", all);
    }

    /// <summary>A port as it is written in a declaration.</summary>
    public static string Port(PolicyPort port)
    {
        var end = port.EndPort is { } last ? $"-{last}" : "";
        return port.Protocol == PolicyPort.Tcp ? $"{port.Port}{end}" : $"{port.Port}{end}/{port.Protocol}";
    }

    /// <summary>The peers of a rule as text. Leaves out all but the first few.</summary>
    public static string Peers(IList<V1NetworkPolicyPeer>? peers) => peers?.Count > MaxBlocks
        ? $"{AllPeers([.. peers.Take(MaxBlocks)])} and {peers.Count - MaxBlocks} more"
        : AllPeers(peers);

    /// <summary>All peers of a rule as text. Equal for equal peers only.</summary>
    public static string AllPeers(IList<V1NetworkPolicyPeer>? peers) =>
        peers is null or { Count: 0 } ? "anyone" : string.Join(", ", peers.Select(Peer));

    /// <summary>A selector as kubectl writes one.</summary>
    public static string Selector(V1LabelSelector selector)
    {
        var labels = selector.MatchLabels.OrEmpty().OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}");
        var expressions = (selector.MatchExpressions ?? []).Select(requirement => requirement.OperatorProperty switch
        {
            "Exists" => requirement.Key,
            "DoesNotExist" => $"!{requirement.Key}",
            var other => $"{requirement.Key} {other.ToLowerInvariant()} ({string.Join(",", requirement.Values ?? [])})",
        });
        return string.Join(",", labels.Concat(expressions));
    }

    private static string Peer(V1NetworkPolicyPeer peer)
    {
        if (peer.IpBlock is { } block)
        {
            return block.Except is { Count: > 0 } except ? $"{block.Cidr} except {string.Join(", ", except)}" : block.Cidr ?? "";
        }

        var pods = peer.PodSelector is { } selector && Selector(selector) is { Length: > 0 } labels ? $"Pods {labels}" : "all Pods";
        return peer.NamespaceSelector is not { } namespaces ? pods
            : namespaces is { MatchLabels: { Count: 1 } only, MatchExpressions: null or { Count: 0 } }
                && only.TryGetValue(WayleaveLabels.NamespaceName, out var name) ? $"{pods} in namespace {name}"
            : Selector(namespaces) is { Length: > 0 } wanted ? $"{pods} in namespaces {wanted}"
            : $"{pods} in all namespaces";
    }

    private static string Port(V1NetworkPolicyPort port) => port.Port is null ? $"all {port.Protocol ?? PolicyPort.Tcp}" : Port(PolicyPort.From(port));
}
