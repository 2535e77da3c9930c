using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Workloads;

/// <summary>
/// A workload as network policy sees it: a name and the pods that are its own. The selector is the cached object's own and is
/// never changed.
/// </summary>
public sealed record Workload(WorkloadKind Kind, string Namespace, string Name, string Uid, V1LabelSelector PodSelector)
{
    /// <summary>
    /// True for what another workload made: the ReplicaSet of a Deployment, the Job of a CronJob, a controller's Pod. It is
    /// found only when its kind is asked for.
    /// </summary>
    public bool Owned { get; init; }

    /// <summary>True when the selector asks for nothing, and so would select every pod of the namespace.</summary>
    public bool SelectsEverything => PodSelector is { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } };

    /// <summary>The labels that its pods are made with; null for none.</summary>
    public Dictionary<string, string>? PodLabels { get; init; }

    /// <summary>The other workloads whose pods the selector matches too, as far as they were gathered.</summary>
    public IReadOnlyList<Workload> Overlaps { get; init; } = [];

    public static Workload Of(V1Deployment entity) =>
        New(WorkloadKind.Deployment, Meta(entity?.Metadata), entity?.Spec?.Selector, entity?.Spec?.Template);

    public static Workload Of(V1StatefulSet entity) =>
        New(WorkloadKind.StatefulSet, Meta(entity?.Metadata), entity?.Spec?.Selector, entity?.Spec?.Template);

    public static Workload Of(V1DaemonSet entity) =>
        New(WorkloadKind.DaemonSet, Meta(entity?.Metadata), entity?.Spec?.Selector, entity?.Spec?.Template);

    /// <summary>A CronJob has no selector and its Jobs' selectors change with every run; the pods' labels stay.</summary>
    public static Workload Of(V1CronJob entity)
    {
        var template = entity?.Spec?.JobTemplate?.Spec?.Template;
        return New(WorkloadKind.CronJob, Meta(entity?.Metadata), Labels(template?.Metadata), template);
    }

    public static Workload Of(V1Job entity) =>
        New(WorkloadKind.Job, Meta(entity?.Metadata), entity?.Spec?.Selector, entity?.Spec?.Template, ControlledBy(entity, "CronJob"));

    public static Workload Of(V1ReplicaSet entity) =>
        New(WorkloadKind.ReplicaSet, Meta(entity?.Metadata), entity?.Spec?.Selector, entity?.Spec?.Template, ControlledBy(entity, "Deployment"));

    /// <summary>A pod has no selector; its labels stand for it.</summary>
    public static Workload Of(V1Pod entity)
    {
        var meta = Meta(entity?.Metadata);
        return New(WorkloadKind.Pod, meta, Labels(meta), null, ControlledBy(entity, null)) with { PodLabels = meta.Labels };
    }

    private static Workload New(
        WorkloadKind kind, V1ObjectMeta meta, V1LabelSelector? selector, V1PodTemplateSpec? template, bool owned = false) =>
        new(kind, meta.NamespaceProperty ?? "", meta.Name ?? "", meta.Uid ?? "", selector ?? new V1LabelSelector())
        {
            Owned = owned,
            PodLabels = template?.Metadata?.Labels,
        };

    private static V1ObjectMeta Meta(V1ObjectMeta? meta) => meta ?? throw new ArgumentNullException(nameof(meta));

    private static V1LabelSelector Labels(V1ObjectMeta? meta) => new() { MatchLabels = meta?.Labels };

    private static bool ControlledBy(Wayleave.Kubernetes.IKubernetesObject<V1ObjectMeta>? entity, string? kind) =>
        entity?.Metadata.OwnerReferences?.Exists(owner => owner.Controller == true && (kind is null || owner.Kind == kind)) == true;
}
