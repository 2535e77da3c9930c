using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Testing.Meaning;

/// <summary>Reads the workloads of a cluster.</summary>
public static class ClusterWorkloads
{
    public static IReadOnlyList<DeclaredWorkload> Read(IClusterObjects cluster) =>
    [
        .. cluster.List<V1Deployment>().Select(entity => New("Deployment", entity, entity.Spec?.Selector, entity.Spec?.Template)),
        .. cluster.List<V1StatefulSet>().Select(entity => New("StatefulSet", entity, entity.Spec?.Selector, entity.Spec?.Template)),
        .. cluster.List<V1DaemonSet>().Select(entity => New("DaemonSet", entity, entity.Spec?.Selector, entity.Spec?.Template)),
        .. cluster.List<V1ReplicaSet>().Select(entity => New("ReplicaSet", entity, entity.Spec?.Selector, entity.Spec?.Template)),
        .. cluster.List<V1Job>().Select(entity => New("Job", entity, entity.Spec?.Selector, entity.Spec?.Template)),
        .. cluster.List<V1CronJob>().Select(entity => New("CronJob", entity, Labels(Template(entity)?.Metadata), Template(entity))),
        .. cluster.List<V1Pod>().Select(entity => New("Pod", entity, Labels(entity.Metadata), template: null)),
    ];

    private static V1PodTemplateSpec? Template(V1CronJob entity) => entity.Spec?.JobTemplate?.Spec?.Template;

    private static V1LabelSelector Labels(V1ObjectMeta? meta) => new() { MatchLabels = meta?.Labels };

    private static DeclaredWorkload New(
        string kind, IKubernetesObject<V1ObjectMeta> entity, V1LabelSelector? selector, V1PodTemplateSpec? template) =>
        new(
            kind,
            entity.Metadata.NamespaceProperty!,
            entity.Metadata.Name!,
            selector ?? new V1LabelSelector(),
            entity.Metadata.OwnerReferences?.Exists(owner => owner.Controller == true) == true,
            template);
}
