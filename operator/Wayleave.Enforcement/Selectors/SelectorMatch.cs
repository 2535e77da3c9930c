using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Selectors;

/// <summary>Evaluates label selectors as the Kubernetes API defines them. Allocates nothing.</summary>
public static class SelectorMatch
{
    /// <summary>True if all requirements match. An empty selector matches everything. An invalid requirement matches nothing.</summary>
    public static bool Matches(V1LabelSelector selector, IDictionary<string, string>? labels)
    {
        if (!SelectorEquality.ContainsAll(labels, selector.MatchLabels))
        {
            return false;
        }

        foreach (var requirement in selector.MatchExpressions ?? [])
        {
            if (!Holds(requirement, labels))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when the selector asks for namespaces by name, and this name is among them.</summary>
    public static bool SelectsByName(V1LabelSelector selector, string @namespace) =>
        selector.MatchLabels.Find(WayleaveLabels.NamespaceName) == @namespace
        || selector.MatchExpressions?.Any(requirement => requirement is { Key: WayleaveLabels.NamespaceName, OperatorProperty: "In" }
            && requirement.Values?.Contains(@namespace) == true) == true;

    private static bool Holds(V1LabelSelectorRequirement? requirement, IDictionary<string, string>? labels)
    {
        string? value = null;
        var has = labels is not null && requirement?.Key is { } key && labels.TryGetValue(key, out value);
        return requirement?.OperatorProperty switch
        {
            "In" => has && requirement.Values?.Contains(value!) == true,
            "NotIn" => !has || requirement.Values?.Contains(value!) != true,
            "Exists" => has,
            "DoesNotExist" => !has,
            _ => false,
        };
    }
}
