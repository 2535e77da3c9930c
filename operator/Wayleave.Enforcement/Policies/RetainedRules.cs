using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Policies;

/// <summary>Finds the rules of an existing policy that must stay because they cannot be computed now.</summary>
internal static class RetainedRules
{
    /// <summary>The ingress rules for clients in a namespace that were not computed again.</summary>
    /// <param name="computed">The rules of the policy that replaces it.</param>
    /// <param name="isRetained">Whether rules for clients in a namespace have to stay.</param>
    public static IEnumerable<V1NetworkPolicyIngressRule> GetIngress(
        V1NetworkPolicy existing, IList<V1NetworkPolicyIngressRule> computed, Func<string, bool> isRetained)
    {
        var again = computed.ToLookup(rule => Hash(rule.FromProperty));
        return (existing.Spec?.Ingress ?? []).Where(rule =>
            rule.FromProperty is [{ NamespaceSelector: not null } peer]
            && ClientNamespace(peer) is { } @namespace
            && isRetained(@namespace)
            && !again[Hash(rule.FromProperty)].Any(other => PolicyEquality.RulesEqual(other, rule)));
    }

    /// <summary>
    /// The ingress rules of a server whose Pods are not known. Its exposure and its named ports cannot be computed, so existing rules stay,
    /// except those for its own Pods and for clients that are no longer declared.
    /// </summary>
    /// <param name="computed">The rules as far as they can be computed.</param>
    /// <param name="isRetained">Whether a rule for Pods of a namespace has to stay.</param>
    public static IList<V1NetworkPolicyIngressRule> GetIngressForUnknownPods(
        V1NetworkPolicy existing, IList<V1NetworkPolicyIngressRule> computed, Func<string, V1NetworkPolicyPeer, bool> isRetained)
    {
        var again = computed.ToLookup(rule => Hash(rule.FromProperty));
        var used = new HashSet<V1NetworkPolicyIngressRule>(ReferenceEqualityComparer.Instance);
        var rules = new List<V1NetworkPolicyIngressRule>();
        foreach (var rule in existing.Spec?.Ingress ?? [])
        {
            var same = again[Hash(rule.FromProperty)]
                .Where(other => !used.Contains(other) && PolicyEquality.PeersEqual(other.FromProperty, rule.FromProperty))
                .ToList();
            if (same.Find(other => PolicyEquality.RulesEqual(other, rule)) is { } equal)
            {
                used.Add(equal);
                rules.Add(rule);
            }
            else if (rule.Ports is { Count: > 0 } && same.Find(HasNames) is { } unresolved)
            {
                used.Add(unresolved);
                rules.Add(WithNumbers(rule, unresolved));
            }
            else if (IsKept(rule, existing, isRetained))
            {
                rules.Add(rule);
            }
        }

        rules.AddRange(computed.Where(rule => !used.Contains(rule)));
        return rules;
    }

    private static bool IsKept(
        V1NetworkPolicyIngressRule rule, V1NetworkPolicy existing, Func<string, V1NetworkPolicyPeer, bool> isRetained)
    {
        if (rule.FromProperty is not [{ } peer])
        {
            return true;
        }

        var isForOwnPods = peer is { NamespaceSelector: null, IpBlock: null }
            && SelectorEquality.AreEqual(peer.PodSelector, existing.Spec?.PodSelector);
        return !isForOwnPods && (ClientNamespace(peer) is not { } @namespace || isRetained(@namespace, peer));
    }

    private static bool HasNames(V1NetworkPolicyIngressRule rule) =>
        rule.Ports?.Any(static port => PolicyPort.From(port).Port.Text is not null) == true;

    // The numbers that names had stay, and those that are declared now are added.
    private static V1NetworkPolicyIngressRule WithNumbers(V1NetworkPolicyIngressRule inForce, V1NetworkPolicyIngressRule computed)
    {
        var added = computed.Ports!
            .Where(
                port => PolicyPort.From(port).Port.Text is null && !inForce.Ports!.Any(known => PolicyEquality.PortsEqual([known], [port])))
            .ToList();
        return added.Count == 0
            ? inForce
            : new V1NetworkPolicyIngressRule { FromProperty = inForce.FromProperty, Ports = [.. inForce.Ports!, .. added] };
    }

    /// <summary>
    /// The ports at which the policy in force opens the way to Pods; null when it does not. Two servers may have the same Pods, so the rule
    /// has to have the declared ports that are numbers.
    /// </summary>
    public static IReadOnlyList<PolicyPort>? FindPorts(
        V1NetworkPolicy? existing, PolicySubject server, IReadOnlyList<PolicyPort> declared) =>
        FindRulePorts(existing, server).FirstOrDefault(
            ports => ports.Count > 0 && declared.All(port => port.Port.Text is not null || ports.Contains(port)));

    /// <summary>The ports of each rule in force about Pods; empty for every port.</summary>
    public static IEnumerable<IReadOnlyList<PolicyPort>> FindRulePorts(V1NetworkPolicy? existing, PolicySubject server) =>
        (existing?.Spec?.Egress ?? [])
        .Where(rule => IsAbout(rule.To, server))
        .Select(rule => (rule.Ports ?? []).Select(PolicyPort.From).ToList());

    private static bool IsAbout(IList<V1NetworkPolicyPeer>? peers, PolicySubject pods) =>
        peers is [{ } peer] && ClientNamespace(peer) == pods.Namespace && SelectorEquality.AreEqual(peer.PodSelector, pods.PodSelector);

    /// <summary>
    /// The egress rules that were not computed again, except the one for the client's own Pods, which no declaration of a client makes.
    /// </summary>
    public static IEnumerable<V1NetworkPolicyEgressRule> GetEgress(V1NetworkPolicy existing, IList<V1NetworkPolicyEgressRule> computed)
    {
        var again = computed.ToLookup(rule => Hash(rule.To));
        return (existing.Spec?.Egress ?? []).Where(rule =>
            rule.To is not [{ NamespaceSelector: null, IpBlock: null }]
                && !again[Hash(rule.To)].Any(other => PolicyEquality.RulesEqual(other, rule)));
    }

    /// <summary>Whether the existing policy has a rule for these Pods that is not among the computed rules.</summary>
    public static bool HasOtherRuleFor(V1NetworkPolicy existing, IList<V1NetworkPolicyIngressRule> computed, PolicySubject client) =>
        (existing.Spec?.Ingress ?? []).Any(rule =>
            IsAbout(rule.FromProperty, client) && !computed.Any(other => PolicyEquality.RulesEqual(other, rule)));

    // The only form in which declared clients are written.
    private static string? ClientNamespace(V1NetworkPolicyPeer peer) =>
        peer is { NamespaceSelector: { MatchExpressions: null or { Count: 0 }, MatchLabels: { Count: 1 } labels }, PodSelector: not null }
            ? labels.Find(WayleaveLabels.NamespaceName)
            : null;

    // Equal for equal peers: a server may have thousands of rules, and each is looked up among the others.
    private static int Hash(IList<V1NetworkPolicyPeer>? peers)
    {
        var hash = default(HashCode);
        foreach (var peer in peers ?? [])
        {
            hash.Add(peer.IpBlock?.Cidr);
            hash.Add(Hash(peer.NamespaceSelector));
            hash.Add(Hash(peer.PodSelector));
        }

        return hash.ToHashCode();
    }

    // The order of labels means nothing.
    private static int Hash(V1LabelSelector? selector) =>
        (selector?.MatchLabels).OrEmpty().Aggregate(0, static (hash, label) => hash ^ HashCode.Combine(label.Key, label.Value));
}
