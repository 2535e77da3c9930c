using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>How a declaration names a workload.</summary>
/// <param name="Kind">Null for any.</param>
/// <param name="Selector">Selects Pods by labels instead of an object. The name is then only a display name.</param>
public sealed record Reference(string Namespace, string Name, string? Kind, V1LabelSelector? Selector);

/// <summary>A workload as its users see it: a name and the Pods that it selects as its own.</summary>
/// <param name="Selector">Identifies its Pods.</param>
public sealed record DeclaredWorkload(string Kind, string Namespace, string Name, V1LabelSelector Selector)
{
    /// <summary>The kind of Pods that a declaration selects by their labels.</summary>
    public const string Pods = "Pods";

    /// <summary>The template of its Pods. Null for Pods that are selected by their labels.</summary>
    public PartialPodTemplateSpec? Template { get; init; }

    /// <summary>Whether a controller outside Kubernetes created it. Only a name with a kind refers to it then.</summary>
    public bool NeedsKind { get; init; }

    /// <summary>Whether all its Pods are on the host network, where policies do not reach them.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>Whether its selector identifies its Pods. No name refers to a workload without such a selector.</summary>
    public bool HasOwnPods => Selector.MatchLabels is { Count: > 0 } || Selector.MatchExpressions is { Count: > 0 };

    /// <summary>The known labels of its Pods.</summary>
    public IReadOnlyDictionary<string, string> PodLabels => (Template is null ? Selector.MatchLabels : Template.Metadata?.Labels).ToMap();

    /// <summary>Whether its selector matches a Pod.</summary>
    public bool Owns(ClusterPod pod) => pod.Namespace == Namespace && Selector.Selects(pod.Labels);

    /// <summary>Whether a name without a selector refers to it.</summary>
    public bool IsNamed(Reference reference) =>
        Namespace == reference.Namespace && Name == reference.Name && (reference.Kind is { } kind ? kind == Kind : !NeedsKind);

    public bool IsSame(DeclaredWorkload other) => (Kind, Namespace, Name) == (other.Kind, other.Namespace, other.Name);
}

/// <summary>The workloads that a name refers to.</summary>
/// <param name="Present">The workloads that have the name.</param>
/// <param name="Gone">The deleted workloads that had the name, whose Pods may still run.</param>
public sealed record NameMeaning(IReadOnlyList<DeclaredWorkload> Present, IReadOnlyList<DeclaredWorkload> Gone)
{
    /// <summary>The only workload that it refers to, if that has Pods of its own. Null for none or several.</summary>
    public DeclaredWorkload? One => Present is [{ HasOwnPods: true } one] ? one : null;

    /// <summary>The workloads that a policy for the name can select.</summary>
    public IReadOnlyList<DeclaredWorkload> All => Present is [] or [{ HasOwnPods: false }] ? Gone : [.. Present.Where(workload => workload.HasOwnPods)];
}
