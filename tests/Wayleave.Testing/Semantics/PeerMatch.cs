using System.Net;
using k8s.Models;

namespace Wayleave.Testing.Semantics;

/// <summary>
/// The <c>from</c> or <c>to</c> of a rule. Any of the peers may match; an absent or empty list matches everything. Selectors within one peer must
/// both match.
/// </summary>
internal sealed class PeerMatch(IReadOnlyDictionary<string, ClusterNamespace> namespaces)
{
    /// <summary>Whether a rule of a policy in <paramref name="policyNamespace"/> matches the pod.</summary>
    public bool Matches(IList<V1NetworkPolicyPeer>? peers, string policyNamespace, ClusterPod pod) =>
        peers is null or { Count: 0 } || peers.Any(peer => Matches(Valid(peer), policyNamespace, pod));

    /// <summary>Whether a rule matches an address outside the cluster, which no selector does.</summary>
    public static bool Matches(IList<V1NetworkPolicyPeer>? peers, IPAddress address) =>
        peers is null or { Count: 0 } || peers.Any(peer => Valid(peer).IpBlock is { } block && AddressMatch.Contains(block, address));

    private bool Matches(V1NetworkPolicyPeer peer, string policyNamespace, ClusterPod pod)
    {
        if (peer.IpBlock is { } block)
        {
            return pod.Address is { } address && AddressMatch.Contains(block, address);
        }

        if (pod.HostNetwork)
        {
            return false;
        }

        var isInNamespace = peer.NamespaceSelector?.Selects(namespaces[pod.Namespace].Labels) ?? (pod.Namespace == policyNamespace);
        return isInNamespace && peer.PodSelector?.Selects(pod.Labels) != false;
    }

    private static V1NetworkPolicyPeer Valid(V1NetworkPolicyPeer peer) => peer switch
    {
        { IpBlock: null, PodSelector: null, NamespaceSelector: null } => throw new InvalidOperationException("A peer must say something."),
        { IpBlock: not null, PodSelector: null, NamespaceSelector: null } or { IpBlock: null } => peer,
        _ => throw new InvalidOperationException("An ipBlock stands alone in its peer."),
    };
}
