using k8s.Models;
using Wayleave.Kubernetes;

namespace Wayleave.Testing.Semantics;

/// <summary>Label selectors as the page "Labels and Selectors" of the Kubernetes documentation defines them: all requirements must hold.</summary>
public static class LabelMatch
{
    /// <summary>Whether a selector selects labels. One without requirements selects everything.</summary>
    /// <exception cref="InvalidOperationException">The API server would have rejected the operator.</exception>
    public static bool Selects(this V1LabelSelector selector, IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(selector);
        ArgumentNullException.ThrowIfNull(labels);
        return selector.MatchLabels.OrEmpty().All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
            && (selector.MatchExpressions ?? []).All(requirement => Holds(requirement, labels));
    }

    private static bool Holds(V1LabelSelectorRequirement requirement, IReadOnlyDictionary<string, string> labels)
    {
        var isThere = labels.TryGetValue(requirement.Key, out var value);
        return requirement.OperatorProperty switch
        {
            "In" => isThere && Values(requirement).Contains(value!),
            "NotIn" => !isThere || !Values(requirement).Contains(value!),
            "Exists" => isThere,
            "DoesNotExist" => !isThere,
            var unknown => throw new InvalidOperationException($"A selector has no operator \"{unknown}\"."),
        };
    }

    private static IList<string> Values(V1LabelSelectorRequirement requirement) =>
        requirement.Values is { Count: > 0 } values
            ? values
            : throw new InvalidOperationException($"{requirement.OperatorProperty} needs values.");
}
