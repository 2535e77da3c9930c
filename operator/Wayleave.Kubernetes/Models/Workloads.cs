using k8s.Models;

namespace Wayleave.Kubernetes.Models;

[KubernetesEntity(Group = "apps", ApiVersion = "v1", Kind = "Deployment", PluralName = "deployments")]
public sealed class PartialDeployment : PartialObject<PartialWorkloadSpec>;

[KubernetesEntity(Group = "apps", ApiVersion = "v1", Kind = "StatefulSet", PluralName = "statefulsets")]
public sealed class PartialStatefulSet : PartialObject<PartialWorkloadSpec>;

[KubernetesEntity(Group = "apps", ApiVersion = "v1", Kind = "DaemonSet", PluralName = "daemonsets")]
public sealed class PartialDaemonSet : PartialObject<PartialWorkloadSpec>;

[KubernetesEntity(Group = "apps", ApiVersion = "v1", Kind = "ReplicaSet", PluralName = "replicasets")]
public sealed class PartialReplicaSet : PartialObject<PartialWorkloadSpec>;

[KubernetesEntity(Group = "batch", ApiVersion = "v1", Kind = "Job", PluralName = "jobs")]
public sealed class PartialJob : PartialObject<PartialWorkloadSpec>;

[KubernetesEntity(Group = "batch", ApiVersion = "v1", Kind = "CronJob", PluralName = "cronjobs")]
public sealed class PartialCronJob : PartialObject<PartialCronJobSpec>;

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Pod", PluralName = "pods")]
public sealed class PartialPod : PartialObject<PartialPodSpec>;

/// <summary>The same for every kind of workload but CronJob.</summary>
public sealed class PartialWorkloadSpec
{
    public V1LabelSelector? Selector { get; set; }

    public PartialPodTemplateSpec? Template { get; set; }
}

public sealed class PartialCronJobSpec
{
    public PartialJobTemplateSpec? JobTemplate { get; set; }
}

public sealed class PartialJobTemplateSpec
{
    public PartialWorkloadSpec? Spec { get; set; }
}

public sealed class PartialPodTemplateSpec
{
    public V1ObjectMeta? Metadata { get; set; }

    public PartialPodSpec? Spec { get; set; }
}

public sealed class PartialPodSpec
{
    public bool? HostNetwork { get; set; }

    public List<PartialContainer>? Containers { get; set; }

    /// <summary>Sidecars, which run beside the containers, declare ports too.</summary>
    public List<PartialContainer>? InitContainers { get; set; }
}

public sealed class PartialContainer
{
    public List<PartialContainerPort>? Ports { get; set; }
}

public sealed class PartialContainerPort
{
    public string? Name { get; set; }

    public int ContainerPort { get; set; }

    /// <summary><c>TCP</c> (also when absent), <c>UDP</c> or <c>SCTP</c>.</summary>
    public string? Protocol { get; set; }
}
