using Wayleave.Api;
using Wayleave.Enforcement.Selectors;

namespace Wayleave.Enforcement.Targets;

/// <summary>Evaluates a <see cref="ClusterSelection"/>.</summary>
public static class ClusterSelectionMatcher
{
    /// <summary>The name of the cluster that holds the declarations. No Cluster may have it.</summary>
    public const string Local = "local";

    /// <summary>Whether the local cluster is selected: by name, or because the selection is empty.</summary>
    public static bool IncludesLocal(ClusterSelection? clusters) =>
        clusters is null or { Names: null or [], Selector: null } || clusters.Names?.Contains(Local) == true;

    /// <summary>Whether a member cluster is selected by name or by labels.</summary>
    public static bool Includes(ClusterSelection? clusters, string name, IDictionary<string, string>? labels) =>
        clusters?.Names?.Contains(name) == true || (clusters?.Selector is { } selector && SelectorMatch.Matches(selector, labels));

    /// <summary>The error of the selection. Null if it is valid.</summary>
    public static TargetResult? Validate(ClusterSelection? clusters) =>
        SelectorValidator.Validate("spec.clusters.selector", clusters?.Selector);
}
