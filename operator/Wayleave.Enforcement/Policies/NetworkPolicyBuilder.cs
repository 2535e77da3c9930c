using k8s.Models;
using Wayleave.Api;

namespace Wayleave.Enforcement.Policies;

/// <summary>Builds NetworkPolicies with all defaults set. The result shares selectors with the cache; do not modify it.</summary>
public static class NetworkPolicyBuilder
{
    /// <summary>
    /// The policy that lets just the callers reach the server. Without any its list of rules is empty rather than absent: applying an
    /// absent list would leave the rules that someone else added.
    /// </summary>
    /// <param name="server">Whose Pods it selects.</param>
    /// <param name="clients">Each client once, in order.</param>
    /// <param name="allowsOwnPods">Whether the server's Pods may reach each other.</param>
    /// <param name="additionalRules">
    /// Traffic that is allowed without a declaration: from outside the cluster, and from <c>allow.from</c> of an EnforcementPolicy.
    /// </param>
    public static V1NetworkPolicy Ingress(
        PolicySubject server,
        IReadOnlyList<AllowedPods> clients,
        bool allowsOwnPods = true,
        IReadOnlyList<V1NetworkPolicyIngressRule>? additionalRules = null)
    {
        var rules = new List<V1NetworkPolicyIngressRule>(clients.Count + 1);
        if (allowsOwnPods)
        {
            rules.Add(new V1NetworkPolicyIngressRule { FromProperty = [OwnPods(server)] });
        }

        rules.AddRange(IngressRules(clients));
        rules.AddRange(additionalRules ?? []);
        return Policy(server, PolicyDirection.Ingress, new V1NetworkPolicySpec { PolicyTypes = ["Ingress"], Ingress = rules });
    }

    /// <summary>The policy that lets the client reach just what the rules allow. Without any, nothing may be reached.</summary>
    public static V1NetworkPolicy Egress(PolicySubject client, IList<V1NetworkPolicyEgressRule> rules) =>
        Policy(client, PolicyDirection.Egress, new V1NetworkPolicySpec { PolicyTypes = ["Egress"], Egress = rules });

    /// <summary>A rule for each of the clients.</summary>
    internal static IEnumerable<V1NetworkPolicyIngressRule> IngressRules(IReadOnlyList<AllowedPods> clients)
    {
        string? @namespace = null;
        var namespaceSelector = new V1LabelSelector();
        foreach (var (pods, ports) in clients)
        {
            if (pods.Namespace != @namespace)
            {
                @namespace = pods.Namespace;
                namespaceSelector = NamespaceSelector(@namespace);
            }

            yield return new V1NetworkPolicyIngressRule
            {
                FromProperty = [new V1NetworkPolicyPeer { NamespaceSelector = namespaceSelector, PodSelector = pods.PodSelector }],
                Ports = Ports(ports),
            };
        }
    }

    /// <summary>A rule for Pods that may be called.</summary>
    internal static V1NetworkPolicyEgressRule EgressRule(string @namespace, V1LabelSelector pods, IReadOnlyList<PolicyPort> ports) => new()
    {
        To = [new V1NetworkPolicyPeer { NamespaceSelector = NamespaceSelector(@namespace), PodSelector = pods }],
        Ports = Ports(ports),
    };

    /// <summary>A peer without a namespace selector is in the policy's own namespace, whether or not that has its label.</summary>
    internal static V1NetworkPolicyPeer OwnPods(PolicySubject subject) => new() { PodSelector = subject.PodSelector };

    internal static V1LabelSelector NamespaceSelector(string @namespace) => new()
    {
        MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { [WayleaveLabels.NamespaceName] = @namespace },
    };

    /// <summary>An absent list is every port; an empty one says the same and is not written.</summary>
    internal static IList<V1NetworkPolicyPort>? Ports(IReadOnlyList<PolicyPort> ports) =>
        ports.Count == 0
            ? null
            : ports.Select(port => new V1NetworkPolicyPort { Protocol = port.Protocol, Port = port.Port, EndPort = port.EndPort }).ToList();

    private static V1NetworkPolicy Policy(PolicySubject subject, PolicyDirection direction, V1NetworkPolicySpec spec)
    {
        spec.PodSelector = subject.PodSelector;
        return new V1NetworkPolicy
        {
            ApiVersion = "networking.k8s.io/v1",
            Kind = "NetworkPolicy",
            Metadata = new V1ObjectMeta
            {
                Name = PolicyName.For(subject.Kind, subject.Name, direction),
                NamespaceProperty = subject.Namespace,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [WayleaveLabels.ManagedBy] = WayleaveLabels.ManagedByValue,
                    [WayleaveLabels.Direction] = direction == PolicyDirection.Ingress ? WayleaveLabels.Ingress : WayleaveLabels.Egress,
                },
                Annotations = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [WayleaveLabels.Workload] = subject.Annotation,
                },
            },
            Spec = spec,
        };
    }
}
