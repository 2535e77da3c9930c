using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Reads the workloads of a cluster. Omits objects that a Kubernetes controller created: their owner represents them.</summary>
internal static class ClusterWorkloads
{
    // Labels that change when a workload gets a new version or a Job is created again.
    private static readonly string[] _changeWithEachRun = ["app.kubernetes.io/version", "helm.sh/chart", "controller-uid", "batch.kubernetes.io/controller-uid"];
    private static readonly string[] _ofOneJob = ["job-name", "batch.kubernetes.io/job-name", "batch.kubernetes.io/job-completion-index"];

    public static IReadOnlyList<DeclaredWorkload> Read(IClusterObjects cluster, Defaults defaults)
    {
        IEnumerable<(IKubernetesObject<V1ObjectMeta> Entity, DeclaredWorkload Workload)> all =
        [
            .. cluster.List<PartialDeployment>().Select(entity => New("Deployment", entity, entity.Spec?.Selector, entity.Spec?.Template)),
            .. cluster.List<PartialStatefulSet>().Select(entity => New("StatefulSet", entity, entity.Spec?.Selector, entity.Spec?.Template)),
            .. cluster.List<PartialDaemonSet>().Select(entity => New("DaemonSet", entity, entity.Spec?.Selector, entity.Spec?.Template)),
            .. cluster.List<PartialReplicaSet>().Select(entity => New("ReplicaSet", entity, entity.Spec?.Selector, entity.Spec?.Template)),
            .. cluster.List<PartialJob>().Select(entity => New("Job", entity, entity.Spec?.Selector, entity.Spec?.Template)),
            .. defaults.ServesCronJobs ? cluster.List<PartialCronJob>().Select(entity => New("CronJob", entity, Labels(Template(entity)?.Metadata), Template(entity))) : [],
            .. cluster.List<PartialPod>().Select(entity => New("Pod", entity, Labels(entity.Metadata), Template(entity))),
        ];
        List<DeclaredWorkload> kept = [.. all.Where(item => !IsMadeByKubernetes(item.Entity)).Select(item => item.Workload)];
        return [.. kept.Select(workload => workload.Kind is "Job" or "CronJob" ? workload with { Selector = Lasting(workload, kept) } : workload)];
    }

    /// <summary>The Pods that a declaration selects by their labels.</summary>
    public static DeclaredWorkload Selected(Reference reference, IEnumerable<DeclaredWorkload> workloads)
    {
        var members = workloads.Where(workload => workload.Namespace == reference.Namespace && reference.Selector!.Selects(workload.PodLabels)).ToList();
        var name = Enforcement.Workloads.SelectedPods.GetName(reference.Name, reference.Selector!);
        return new DeclaredWorkload(DeclaredWorkload.Pods, reference.Namespace, name, reference.Selector!)
        {
            HostNetwork = members.Count > 0 && members.TrueForAll(workload => workload.HostNetwork),
        };
    }

    // Omits labels that change with each version or run, if the other labels still identify the workload's Pods.
    private static V1LabelSelector Lasting(DeclaredWorkload workload, List<DeclaredWorkload> all)
    {
        var lasting = Without(workload.PodLabels, [.. _changeWithEachRun, .. _ofOneJob]);
        if (lasting.MatchLabels!.Count > 0)
        {
            var isEnough = !all.Exists(other =>
                !other.IsSame(workload) && other.Namespace == workload.Namespace && lasting.Selects(other.PodLabels));
            return isEnough ? lasting : workload.Selector;
        }

        var named = Without(workload.PodLabels, _changeWithEachRun);
        return named.MatchLabels!.Count > 0 ? named : workload.Selector;
    }

    private static V1LabelSelector Without(IReadOnlyDictionary<string, string> labels, string[] keys) => new()
    {
        MatchLabels = labels.Where(label => !keys.Contains(label.Key)).ToDictionary(StringComparer.Ordinal),
    };

    private static PartialPodTemplateSpec? Template(PartialCronJob entity) => entity.Spec?.JobTemplate?.Spec?.Template;

    private static PartialPodTemplateSpec Template(PartialPod entity) => new() { Metadata = new V1ObjectMeta { Labels = entity.Metadata.Labels }, Spec = entity.Spec };

    private static V1LabelSelector Labels(V1ObjectMeta? meta) => new() { MatchLabels = meta?.Labels };

    private static bool IsMadeByKubernetes(IKubernetesObject<V1ObjectMeta> entity) =>
        ControllerOf(entity)?.ApiVersion is "v1" or "apps/v1" or "batch/v1";

    private static V1OwnerReference? ControllerOf(IKubernetesObject<V1ObjectMeta> entity) =>
        entity.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);

    private static (IKubernetesObject<V1ObjectMeta> Entity, DeclaredWorkload Workload) New(
        string kind, IKubernetesObject<V1ObjectMeta> entity, V1LabelSelector? selector, PartialPodTemplateSpec? template) => (
        entity,
        new DeclaredWorkload(kind, entity.Metadata.NamespaceProperty!, entity.Metadata.Name!, selector ?? new V1LabelSelector())
        {
            Template = template,
            NeedsKind = kind is "ReplicaSet" or "Pod" && ControllerOf(entity) is not null,
            HostNetwork = template?.Spec?.HostNetwork == true,
        });
}
