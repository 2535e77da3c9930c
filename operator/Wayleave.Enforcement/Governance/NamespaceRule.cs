using k8s.Models;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Governance;

/// <summary>What holds in one namespace. Immutable, and shared by all namespaces of a policy: the same rule is the same object.</summary>
/// <param name="Mode">What is done about its servers, and about its clients' egress.</param>
public sealed record NamespaceRule(NamespaceMode Mode)
{
    /// <summary>The EnforcementPolicy that governs it; null for the operator's default.</summary>
    public string? Policy { get; init; }

    /// <summary>Whether clients are restricted to what they declare.</summary>
    public bool Egress { get; init; }

    /// <summary>Where clients are restricted, whether they may look up names.</summary>
    public bool Dns { get; init; } = true;

    /// <summary>More ports that are allowed for DNS, in order and each once.</summary>
    public IReadOnlyList<PolicyPort> DnsPorts { get; init; } = [];

    /// <summary>Whether exposed servers stay reachable from outside the cluster.</summary>
    public bool External { get; init; } = true;

    /// <summary>The Pods of ingress controllers; empty for those that are found by well-known labels.</summary>
    public IReadOnlyList<V1NetworkPolicyPeer> IngressControllers { get; init; } = [];

    /// <summary>The namespaces whose ClientIntents count for servers here; null for all.</summary>
    public V1LabelSelector? AcceptFrom { get; init; }

    /// <summary>Who may call every server.</summary>
    public IReadOnlyList<AllowedPeer> From { get; init; } = [];

    /// <summary>True when clients are restricted, or would be but for the mode Shadow.</summary>
    public bool ConsidersEgress => Egress && Mode.Mode != EnforcementMode.Disabled;
}
