using k8s.Models;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>Objects of users who do not use the operator.</summary>
internal static class Foreign
{
    /// <summary>A policy that selects no Pod.</summary>
    public static V1NetworkPolicy Policy(string @namespace, string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace },
        Spec = new V1NetworkPolicySpec
        {
            PodSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["nobody"] = "has-this" } },
            PolicyTypes = ["Ingress"],
        },
    };
}
