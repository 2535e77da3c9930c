using Wayleave.Api;
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
        return new V1NetworkPolicy
        {
            ApiVersion = "networking.k8s.io/v1",
            Kind = "NetworkPolicy",
            Metadata = Metadata(policy.Server),
            Spec = new V1NetworkPolicySpec
            {
                PodSelector = policy.Server.PodSelector,
                PolicyTypes = ["Ingress"],
                Ingress = Rules(policy.Callers),
            },
        };
    }

    private static V1ObjectMeta Metadata(ServerSubject server) => new()
    {
        Name = PolicyName.For(server.Kind, server.Name, PolicyDirection.Ingress),
        NamespaceProperty = server.Namespace,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [WayleaveLabels.ManagedBy] = WayleaveLabels.ManagedByValue,
            [WayleaveLabels.Direction] = WayleaveLabels.Ingress,
        },
        Annotations = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [WayleaveLabels.Workload] = SubjectAnnotation.Format(server),
        },
    };

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
                namespaceSelector = NamespaceSelector(@namespace);
            }

            rules.Add(Rule(namespaceSelector, caller));
        }

        return rules;
    }

    private static V1NetworkPolicyIngressRule Rule(V1LabelSelector namespaceSelector, Caller caller) => new()
    {
        FromProperty = [new V1NetworkPolicyPeer { NamespaceSelector = namespaceSelector, PodSelector = caller.Client.PodSelector }],
        Ports = caller.Ports.Count == 0
            ? null
            : caller.Ports.Select(port => new V1NetworkPolicyPort { Protocol = port.Protocol, Port = port.Port }).ToList(),
    };

    private static V1LabelSelector NamespaceSelector(string @namespace) => new()
    {
        MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { [WayleaveLabels.NamespaceName] = @namespace },
    };
}
