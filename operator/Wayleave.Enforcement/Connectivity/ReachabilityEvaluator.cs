using k8s.Models;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;

namespace Wayleave.Enforcement.Connectivity;

/// <summary>
/// Evaluates NetworkPolicies, those of other owners too, as the Kubernetes API defines them. A network plugin that deviates from it, for
/// example for Pods on the host network, may decide otherwise.
/// </summary>
public sealed class ReachabilityEvaluator
{
    private const string Ingress = "Ingress";
    private const string Egress = "Egress";

    private readonly ILookup<string, V1NetworkPolicy> _policies;
    private readonly IReadOnlyDictionary<string, IDictionary<string, string>?> _namespaces;

    /// <param name="namespaces">The labels of each namespace.</param>
    /// <param name="policies">All NetworkPolicies.</param>
    public ReachabilityEvaluator(
        IReadOnlyDictionary<string, IDictionary<string, string>?> namespaces, IEnumerable<V1NetworkPolicy> policies)
    {
        _namespaces = namespaces;
        _policies = policies
            .OrderBy(policy => policy.Metadata.Name, StringComparer.Ordinal)
            .ToLookup(policy => policy.Metadata.NamespaceProperty ?? "", StringComparer.Ordinal);
    }

    /// <summary>The protocols of NetworkPolicies.</summary>
    public static IReadOnlyList<string> Protocols { get; } = [PolicyPort.Tcp, "UDP", "SCTP"];

    /// <summary>Whether one Pod may open a connection to another.</summary>
    /// <param name="port">A number and a protocol. Null asks whether any port is open; the result has the first that is.</param>
    public ReachabilityResult Evaluate(NetworkPod client, NetworkPod server, PolicyPort? port)
    {
        if (client.IsSame(server))
        {
            return new ReachabilityResult(DirectionResult.Open, DirectionResult.Open) { Port = port };
        }

        var (egress, ingress) = (Selecting(client, Egress), Selecting(server, Ingress));
        var result = EvaluateOne(client, server, port, egress, ingress);
        if (port is not null || result.IsAllowed)
        {
            return result;
        }

        foreach (var candidate in GetCandidates(server, egress, ingress))
        {
            if (EvaluateOne(client, server, candidate, egress, ingress) is { IsAllowed: true } open)
            {
                return open;
            }
        }

        return FindRulesByPeer(client, server, result);
    }

    /// <summary>Whether a policy isolates the Pods that it selects in a direction.</summary>
    public static bool Isolates(V1NetworkPolicy policy, bool isEgress) => HasType(policy.Spec, isEgress ? Egress : Ingress);

    /// <summary>Whether a policy of the same namespace selects Pods with these labels.</summary>
    public static bool SelectsPods(V1NetworkPolicy policy, IDictionary<string, string>? labels) =>
        policy.Spec is { } spec && (spec.PodSelector is not { } selector || SelectorMatch.Matches(selector, labels));

    private ReachabilityResult EvaluateOne(
        NetworkPod client, NetworkPod server, PolicyPort? port, List<V1NetworkPolicy> egress, List<V1NetworkPolicy> ingress) => new(
            new DirectionResult(egress, First(egress, policy => policy.Spec?.Egress, (rule, policy) =>
                RuleMatch.MatchesPeer(rule.To, Namespace(policy), server, LabelsOf(server))
                && RuleMatch.MatchesPort(rule.Ports, port, server))),
            new DirectionResult(ingress, First(ingress, policy => policy.Spec?.Ingress, (rule, policy) =>
                RuleMatch.MatchesPeer(rule.FromProperty, Namespace(policy), client, LabelsOf(client))
                && RuleMatch.MatchesPort(rule.Ports, port, server))))
        {
            Port = port,
        };

    // No port is open. The rules for this peer show which direction denies, or that their ports have none in common.
    private ReachabilityResult FindRulesByPeer(NetworkPod client, NetworkPod server, ReachabilityResult none)
    {
        var egress = First(none.Egress.Isolating, policy => policy.Spec?.Egress, (rule, policy) =>
            RuleMatch.MatchesPeer(rule.To, Namespace(policy), server, LabelsOf(server)));
        var ingress = First(none.Ingress.Isolating, policy => policy.Spec?.Ingress, (rule, policy) =>
            RuleMatch.MatchesPeer(rule.FromProperty, Namespace(policy), client, LabelsOf(client)));
        var found = none with { Egress = none.Egress with { Allowing = egress }, Ingress = none.Ingress with { Allowing = ingress } };
        return found with { HasNoCommonPort = found.Egress.IsAllowed && found.Ingress.IsAllowed };
    }

    private static IEnumerable<PolicyPort> GetCandidates(
        NetworkPod server, IReadOnlyList<V1NetworkPolicy> egress, IReadOnlyList<V1NetworkPolicy> ingress)
    {
        var ofRules = ingress.SelectMany(policy => policy.Spec?.Ingress ?? []).Select(rule => rule.Ports)
            .Concat(egress.SelectMany(policy => policy.Spec?.Egress ?? []).Select(rule => rule.Ports))
            .SelectMany(ports => RuleMatch.Starts(ports, server));
        return server.Ports
            .Select(port => new PolicyPort(port.Protocol, port.Number))
            .Concat(ofRules)
            .Concat(Protocols.Select(protocol => new PolicyPort(protocol, 1)))
            .Distinct();
    }

    private static PolicyRule? First<TRule>(
        IEnumerable<V1NetworkPolicy> policies, Func<V1NetworkPolicy, IList<TRule>?> rulesOf, Func<TRule, V1NetworkPolicy, bool> allows)
    {
        foreach (var policy in policies)
        {
            var rules = rulesOf(policy) ?? [];
            for (var i = 0; i < rules.Count; i++)
            {
                if (allows(rules[i], policy))
                {
                    return new PolicyRule(policy, i);
                }
            }
        }

        return null;
    }

    private List<V1NetworkPolicy> Selecting(NetworkPod pod, string type) => pod.HostNetwork
        ? []
        : [.. _policies[pod.Namespace].Where(policy => HasType(policy.Spec, type) && SelectsPods(policy, pod.Labels))];

    private static bool HasType(V1NetworkPolicySpec? spec, string type) => spec switch
    {
        null => false,
        { PolicyTypes: { Count: > 0 } types } => types.Contains(type),
        _ => type == Ingress || spec.Egress is { Count: > 0 },
    };

    private static string Namespace(V1NetworkPolicy policy) => policy.Metadata.NamespaceProperty ?? "";

    private IDictionary<string, string>? LabelsOf(NetworkPod pod) => _namespaces.GetValueOrDefault(pod.Namespace);
}
