using Wayleave.Enforcement.Governance;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>
/// Puts an effective policy in the words of <c>networking.k8s.io/v1</c>, with every default written out. The result shares selectors
/// with the cache and is not to be changed.
/// </summary>
public static class NetworkPolicyBuilder
{
    /// <summary>
    /// The policy that lets just the callers reach the server. Without callers its list of rules is empty rather than absent: applying an
    /// absent list would leave the rules that someone else added.
    /// </summary>
    public static V1NetworkPolicy Build(EffectivePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return PolicyParts.Policy(policy.Server, PolicyDirection.Ingress, new V1NetworkPolicySpec
        {
            PodSelector = policy.Server.PodSelector,
            PolicyTypes = ["Ingress"],
            Ingress = [.. Rules(policy.Callers), .. policy.Always.Select(Rule)],
        });
    }

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
                namespaceSelector = PolicyParts.NamespaceSelector(@namespace);
            }

            rules.Add(new V1NetworkPolicyIngressRule
            {
                FromProperty = [new V1NetworkPolicyPeer { NamespaceSelector = namespaceSelector, PodSelector = caller.Client.PodSelector }],
                Ports = PolicyParts.Ports(caller.Ports),
            });
        }

        return rules;
    }

    private static V1NetworkPolicyIngressRule Rule(AllowedPeer allowed) => new()
    {
        FromProperty = [allowed.Peer],
        Ports = PolicyParts.Ports(allowed.Ports),
    };
}
