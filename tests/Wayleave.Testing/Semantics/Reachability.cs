using System.Net;
using k8s.Models;

namespace Wayleave.Testing.Semantics;

/// <summary>
/// The semantics of network policies, implemented from the Kubernetes documentation ("Network Policies" and the API reference of
/// <c>networking.k8s.io/v1</c>) and independently of this product, to compare the product with it. Immutable except for a cache of pods; not
/// thread-safe.
/// </summary>
/// <remarks>
/// The documentation leaves the behavior of pods on the host network to the network plugin. This is what it calls the most common
/// implementation: such a pod is ignored wherever pods are selected, and its traffic is traffic of its node's address.
/// </remarks>
public sealed class Reachability
{
    private readonly ILookup<string, V1NetworkPolicy> _policies;
    private readonly PeerMatch _peers;
    private readonly Dictionary<(ClusterPod Pod, string Type), List<V1NetworkPolicy>> _selecting = new(ByIdentity.Instance);

    public Reachability(IEnumerable<ClusterNamespace> namespaces, IEnumerable<V1NetworkPolicy> policies)
    {
        _peers = new PeerMatch(namespaces.ToDictionary(@namespace => @namespace.Name, StringComparer.Ordinal));
        _policies = policies.ToLookup(policy => policy.Metadata.NamespaceProperty ?? "", StringComparer.Ordinal);
    }

    /// <summary>Whether one pod may open a connection to another. A pod may always connect to itself.</summary>
    public bool MayReach(ClusterPod client, ClusterPod server, Door door) =>
        IsSame(client, server) || (MaySend(client, server, door) && MayReceive(server, client, door));

    /// <summary>Whether a pod may open a connection to an address outside the cluster.</summary>
    public bool MayReach(ClusterPod client, IPAddress address, Door door) => MaySend(client, address, door);

    /// <summary>Whether an address outside the cluster may open a connection to a pod.</summary>
    public bool MayReach(IPAddress address, ClusterPod server, Door door) => MayReceive(server, address, door);

    /// <summary>Whether a policy isolates the ingress of a pod.</summary>
    public bool IsIngressIsolated(ClusterPod server) => Selecting(server, PolicyTypes.Ingress).Count > 0;

    /// <summary>Whether a policy isolates the egress of a pod.</summary>
    public bool IsEgressIsolated(ClusterPod client) => Selecting(client, PolicyTypes.Egress).Count > 0;

    /// <summary>Whether a pod accepts a connection from another.</summary>
    public bool MayReceive(ClusterPod server, ClusterPod client, Door door) => IsSame(client, server) || Allows(
        server,
        PolicyTypes.Ingress,
        policy => (policy.Spec!.Ingress ?? []).Any(rule => PeerMatches(rule.FromProperty, policy, client) && PortMatch.Matches(rule.Ports, door, server)));

    /// <summary>Whether a pod accepts a connection from an address outside the cluster.</summary>
    public bool MayReceive(ClusterPod server, IPAddress client, Door door) => Allows(
        server,
        PolicyTypes.Ingress,
        policy => (policy.Spec!.Ingress ?? []).Any(rule => PeerMatch.Matches(rule.FromProperty, client) && PortMatch.Matches(rule.Ports, door, server)));

    /// <summary>Whether a pod may begin a connection to another.</summary>
    public bool MaySend(ClusterPod client, ClusterPod server, Door door) => IsSame(client, server) || Allows(
        client,
        PolicyTypes.Egress,
        policy => (policy.Spec!.Egress ?? []).Any(rule => PeerMatches(rule.To, policy, server) && PortMatch.Matches(rule.Ports, door, server)));

    /// <summary>Whether a pod may begin a connection to an address outside the cluster.</summary>
    public bool MaySend(ClusterPod client, IPAddress server, Door door) => Allows(
        client,
        PolicyTypes.Egress,
        policy => (policy.Spec!.Egress ?? []).Any(rule => PeerMatch.Matches(rule.To, server) && PortMatch.Matches(rule.Ports, door, server: null)));

    // A pod that no policy of the type selects allows everything. Otherwise one policy that allows the connection is enough.
    private bool Allows(ClusterPod pod, string type, Predicate<V1NetworkPolicy> allows)
    {
        var selecting = Selecting(pod, type);
        return selecting.Count == 0 || selecting.Exists(allows);
    }

    private List<V1NetworkPolicy> Selecting(ClusterPod pod, string type)
    {
        ArgumentNullException.ThrowIfNull(pod);
        if (!_selecting.TryGetValue((pod, type), out var selecting))
        {
            selecting = [.. _policies[pod.Namespace].Where(policy => PolicyTypes.Of(policy).Contains(type) && IsAbout(policy, pod))];
            _selecting[(pod, type)] = selecting;
        }

        return selecting;
    }

    private bool PeerMatches(IList<V1NetworkPolicyPeer>? peers, V1NetworkPolicy policy, ClusterPod pod) =>
        _peers.Matches(peers, policy.Metadata.NamespaceProperty ?? "", pod);

    private static bool IsAbout(V1NetworkPolicy policy, ClusterPod pod) => !pod.HostNetwork && policy.Spec!.PodSelector?.Selects(pod.Labels) != false;

    private static bool IsSame(ClusterPod one, ClusterPod other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one.Namespace == other.Namespace && one.Name == other.Name;
    }

    // Pods do not change, so the cache compares references, which is cheaper than to compare labels.
    private sealed class ByIdentity : IEqualityComparer<(ClusterPod Pod, string Type)>
    {
        public static ByIdentity Instance { get; } = new();

        public bool Equals((ClusterPod Pod, string Type) x, (ClusterPod Pod, string Type) y) => ReferenceEquals(x.Pod, y.Pod) && x.Type == y.Type;

        public int GetHashCode((ClusterPod Pod, string Type) key) =>
            HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key.Pod), key.Type);
    }
}
