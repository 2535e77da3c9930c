using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>How a declaration names a workload.</summary>
/// <param name="Kind">Null for any.</param>
/// <param name="Selector">The labels of its Pods, when these are named instead of an object; the name is then only what they are called.</param>
public sealed record Reference(string Namespace, string Name, string? Kind, V1LabelSelector? Selector);

/// <summary>A workload as its users see it: a name and the Pods that it selects as its own.</summary>
/// <param name="Selector">What tells its Pods from all others.</param>
public sealed record DeclaredWorkload(string Kind, string Namespace, string Name, V1LabelSelector Selector)
{
    /// <summary>The kind of Pods that a declaration names by their labels.</summary>
    public const string Pods = "Pods";

    /// <summary>What its Pods are like; null for Pods that are named by their labels.</summary>
    public PartialPodTemplateSpec? Template { get; init; }

    /// <summary>Whether a controller other than those of Kubernetes made it: it is then meant only by those who say its kind.</summary>
    public bool NeedsKind { get; init; }

    /// <summary>Whether all its Pods are on the host network, where policies do not reach them.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>Whether it tells its Pods from all others; what does not is nobody's name.</summary>
    public bool HasOwnPods => Selector.MatchLabels is { Count: > 0 } || Selector.MatchExpressions is { Count: > 0 };

    /// <summary>What its Pods are labelled with, as far as it is known.</summary>
    public IReadOnlyDictionary<string, string> PodLabels => (Template is null ? Selector.MatchLabels : Template.Metadata?.Labels).ToMap();

    /// <summary>Whether a Pod is one of its own, or passes for one.</summary>
    public bool Owns(ClusterPod pod) => pod.Namespace == Namespace && Selector.Selects(pod.Labels);

    /// <summary>Whether a name without a selector means it.</summary>
    public bool IsNamed(Reference reference) =>
        Namespace == reference.Namespace && Name == reference.Name && (reference.Kind is { } kind ? kind == Kind : !NeedsKind);

    public bool IsSame(DeclaredWorkload other) => (Kind, Namespace, Name) == (other.Kind, other.Namespace, other.Name);
}

/// <summary>What a name means.</summary>
/// <param name="Present">The workloads that have it.</param>
/// <param name="Gone">Those that had it, are there no more, and whose Pods may still run.</param>
public sealed record NameMeaning(IReadOnlyList<DeclaredWorkload> Present, IReadOnlyList<DeclaredWorkload> Gone)
{
    /// <summary>The one workload that it means, if that has Pods of its own; null when it means none or several.</summary>
    public DeclaredWorkload? One => Present is [{ HasOwnPods: true } one] ? one : null;

    /// <summary>What a policy about the name can be about.</summary>
    public IReadOnlyList<DeclaredWorkload> All => Present is [] or [{ HasOwnPods: false }] ? Gone : [.. Present.Where(workload => workload.HasOwnPods)];
}
