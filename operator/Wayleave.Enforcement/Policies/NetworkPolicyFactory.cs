using k8s.Models;
using Wayleave.Api;

namespace Wayleave.Enforcement.Policies;

/// <summary>The common parts of ingress and egress NetworkPolicies.</summary>
internal static class NetworkPolicyFactory
{
    public static V1NetworkPolicy Policy(PolicySubject subject, PolicyDirection direction, V1NetworkPolicySpec spec) => new()
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
                [WayleaveLabels.Workload] = SubjectAnnotation.Format(subject),
            },
        },
        Spec = spec,
    };

    public static V1LabelSelector NamespaceSelector(string @namespace) => new()
    {
        MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { [WayleaveLabels.NamespaceName] = @namespace },
    };

    /// <summary>An absent list is every port; an empty one says the same and is not written.</summary>
    public static IList<V1NetworkPolicyPort>? Ports(IReadOnlyList<PolicyPort> ports) =>
        ports.Count == 0
            ? null
            : ports.Select(port => new V1NetworkPolicyPort { Protocol = port.Protocol, Port = port.Port, EndPort = port.EndPort }).ToList();
}
