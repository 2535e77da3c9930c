using Wayleave.Api;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>Finds the rules of a policy in force that have to stay because what they came from cannot be computed now.</summary>
internal static class RetainedRules
{
    /// <summary>The ingress rules for clients in a namespace that were not computed again.</summary>
    /// <param name="existing">The policy in force.</param>
    /// <param name="computed">The rules of the policy that replaces it.</param>
    /// <param name="isRetained">Whether rules for clients in a namespace have to stay.</param>
    public static IEnumerable<V1NetworkPolicyIngressRule> Ingress(
        V1NetworkPolicy existing, IReadOnlyList<V1NetworkPolicyIngressRule> computed, Func<string, bool> isRetained) =>
        (existing.Spec?.Ingress ?? []).Where(rule =>
            rule.FromProperty is [{ NamespaceSelector: not null } peer]
            && ClientNamespace(peer) is { } @namespace
            && isRetained(@namespace)
            && !computed.Any(other => PolicyEquality.SameRule(other, rule)));

    /// <summary>The egress rules that were not computed again.</summary>
    public static IEnumerable<V1NetworkPolicyEgressRule> Egress(V1NetworkPolicy existing, IReadOnlyList<V1NetworkPolicyEgressRule> computed) =>
        (existing.Spec?.Egress ?? []).Where(rule => !computed.Any(other => PolicyEquality.SameRule(other, rule)));

    /// <summary>Whether the policy in force allows calls from these Pods.</summary>
    public static bool Allows(V1NetworkPolicy existing, PolicySubject client) => (existing.Spec?.Ingress ?? []).Exists(rule =>
        rule.FromProperty is [{ } peer] && ClientNamespace(peer) == client.Namespace && SelectorEquality.Same(peer.PodSelector, client.PodSelector));

    // The only form in which declared clients are written.
    private static string? ClientNamespace(V1NetworkPolicyPeer peer) =>
        peer is { NamespaceSelector: { MatchExpressions: null or { Count: 0 }, MatchLabels: { Count: 1 } labels }, PodSelector: not null }
            ? labels.GetValueOrDefault(WayleaveLabels.NamespaceName)
            : null;
}
