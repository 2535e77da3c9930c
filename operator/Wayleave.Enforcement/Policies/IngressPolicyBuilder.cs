using k8s.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>The effective ingress of one server.</summary>
/// <param name="Clients">Each client once, in order. None: no declared client may call.</param>
public sealed record EffectiveIngress(PolicySubject Server, IReadOnlyList<Caller> Clients)
{
    /// <summary>Whether the server's Pods may reach each other.</summary>
    public bool AllowsOwnPods { get; init; } = true;

    /// <summary>
    /// Traffic that is allowed without a declaration: from outside the cluster, and from <c>allow.from</c> of an EnforcementPolicy.
    /// </summary>
    public IReadOnlyList<V1NetworkPolicyIngressRule> AdditionalRules { get; init; } = [];
}

/// <summary>
/// Builds the ingress NetworkPolicy of a server with all defaults set. The result shares selectors with the cache; do not modify it.
/// </summary>
public static class IngressPolicyBuilder
{
    /// <summary>
    /// The policy that lets just the callers reach the server. Without any its list of rules is empty rather than absent: applying an
    /// absent list would leave the rules that someone else added.
    /// </summary>
    public static V1NetworkPolicy Build(EffectiveIngress policy) =>
        NetworkPolicyFactory.Policy(policy.Server, PolicyDirection.Ingress, new V1NetworkPolicySpec
    {
        PodSelector = policy.Server.PodSelector,
        PolicyTypes = ["Ingress"],
        Ingress = [.. AllowsOwnPods(policy), .. Rules(policy.Clients), .. policy.AdditionalRules],
    });

    // A peer without a namespace selector is in the policy's own namespace, whether or not that carries the label with its name.
    private static V1NetworkPolicyIngressRule[] AllowsOwnPods(EffectiveIngress policy) => policy.AllowsOwnPods
        ? [new V1NetworkPolicyIngressRule { FromProperty = [new V1NetworkPolicyPeer { PodSelector = policy.Server.PodSelector }] }]
        : [];

    private static List<V1NetworkPolicyIngressRule> Rules(IReadOnlyList<Caller> callers)
    {
        var rules = new List<V1NetworkPolicyIngressRule>(callers.Count);
        string? @namespace = null;
        var namespaceSelector = new V1LabelSelector();
        foreach (var caller in callers)
        {
            if (caller.Client.Namespace != @namespace)
            {
                @namespace = caller.Client.Namespace;
                namespaceSelector = NetworkPolicyFactory.NamespaceSelector(@namespace);
            }

            rules.Add(new V1NetworkPolicyIngressRule
            {
                FromProperty = [new V1NetworkPolicyPeer { NamespaceSelector = namespaceSelector, PodSelector = caller.Client.PodSelector }],
                Ports = NetworkPolicyFactory.Ports(caller.Ports),
            });
        }

        return rules;
    }
}
