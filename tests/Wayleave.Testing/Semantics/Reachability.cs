using System.Net;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Testing.Semantics;

/// <summary>
/// What network policies mean, read from the Kubernetes documentation ("Network Policies" and the API reference of
/// <c>networking.k8s.io/v1</c>) and from nothing of this product, so that the one can be held against the other. Immutable but for what it
/// remembers of pods; not thread-safe.
/// </summary>
public sealed class Reachability
{
    private readonly IReadOnlyList<V1NetworkPolicy> _policies;
    private readonly PeerMatch _peers;
    private readonly Dictionary<(ClusterPod Pod, string Type), List<V1NetworkPolicy>> _selecting = [];

    public Reachability(IEnumerable<ClusterNamespace> namespaces, IEnumerable<V1NetworkPolicy> policies)
    {
        _peers = new PeerMatch(namespaces.ToDictionary(@namespace => @namespace.Name, StringComparer.Ordinal));
        _policies = [.. policies];
    }

    /// <summary>Whether one pod may open a connection to another. What a pod has to say to itself is nobody's business.</summary>
    public bool MayReach(ClusterPod client, ClusterPod server, Door door)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(server);
        return IsSame(client, server) || (MaySend(client, server, door) && MayReceive(server, client, door));
    }

    /// <summary>Whether a pod may open a connection to an address outside the cluster.</summary>
    public bool MayReach(ClusterPod client, IPAddress address, Door door) =>
        Allows(client, PolicyTypes.Egress, policy => (policy.Spec!.Egress ?? [])
            .Exists(rule => PeerMatch.Matches(rule.To, address) && PortMatch.Matches(rule.Ports, door, server: null)));

    /// <summary>Whether an address outside the cluster may open a connection to a pod.</summary>
    public bool MayReach(IPAddress address, ClusterPod server, Door door) =>
        Allows(server, PolicyTypes.Ingress, policy => (policy.Spec!.Ingress ?? [])
            .Exists(rule => PeerMatch.Matches(rule.FromProperty, address) && PortMatch.Matches(rule.Ports, door, server)));

    private bool MayReceive(ClusterPod server, ClusterPod client, Door door) =>
        Allows(server, PolicyTypes.Ingress, policy => (policy.Spec!.Ingress ?? []).Exists(rule =>
            PeerMatches(rule.FromProperty, policy, client) && PortMatch.Matches(rule.Ports, door, server)));

    private bool MaySend(ClusterPod client, ClusterPod server, Door door) =>
        Allows(client, PolicyTypes.Egress, policy => (policy.Spec!.Egress ?? []).Exists(rule =>
            PeerMatches(rule.To, policy, server) && PortMatch.Matches(rule.Ports, door, server)));

    // A pod that no policy of the type selects is open; else one policy that allows is enough.
    private bool Allows(ClusterPod pod, string type, Predicate<V1NetworkPolicy> allows)
    {
        var selecting = Selecting(pod, type);
        return selecting.Count == 0 || selecting.Exists(allows);
    }

    private List<V1NetworkPolicy> Selecting(ClusterPod pod, string type)
    {
        if (!_selecting.TryGetValue((pod, type), out var selecting))
        {
            selecting = [.. _policies.Where(policy => PolicyTypes.Of(policy).Contains(type) && IsAbout(policy, pod))];
            _selecting[(pod, type)] = selecting;
        }

        return selecting;
    }

    private bool PeerMatches(List<V1NetworkPolicyPeer>? peers, V1NetworkPolicy policy, ClusterPod pod) =>
        _peers.Matches(peers, policy.Metadata.NamespaceProperty ?? "", pod);

    private static bool IsAbout(V1NetworkPolicy policy, ClusterPod pod) =>
        policy.Metadata.NamespaceProperty == pod.Namespace && policy.Spec!.PodSelector?.Selects(pod.Labels) != false;

    private static bool IsSame(ClusterPod one, ClusterPod other) => one.Namespace == other.Namespace && one.Name == other.Name;
}
