using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>A workload as its users see it: a name and the pods that it selects as its own.</summary>
/// <param name="IsMade">Whether a controller made it, so that it goes by its maker's name.</param>
/// <param name="Template">What its pods are like; null for a pod, which is there itself.</param>
public sealed record DeclaredWorkload(string Kind, string Namespace, string Name, V1LabelSelector Selector, bool IsMade, V1PodTemplateSpec? Template)
{
    /// <summary>Whether it tells its pods from all others; what does not is nobody's name.</summary>
    public bool HasOwnPods => Selector.MatchLabels is { Count: > 0 } || Selector.MatchExpressions is { Count: > 0 };

    /// <summary>What its pods are labelled with.</summary>
    public IReadOnlyDictionary<string, string> PodLabels => (Template is null ? Selector.MatchLabels : Template.Metadata?.Labels) ?? [];

    /// <summary>Whether a pod is one of its own, or passes for one.</summary>
    public bool Owns(ClusterPod pod) => pod.Namespace == Namespace && Selector.Selects(pod.Labels);

    public bool IsNamed(string @namespace, string name, string? kind) =>
        !IsMade && Namespace == @namespace && Name == name && (kind is null || kind == Kind);
}
