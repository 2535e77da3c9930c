namespace Wayleave.Kubernetes.Models;

[KubernetesEntity(Group = "batch", ApiVersion = "v1", Kind = "CronJob", PluralName = "cronjobs")]
public sealed class V1CronJob : IKubernetesObject<V1ObjectMeta>, ISpec<V1CronJobSpec?>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1CronJobSpec? Spec { get; set; }
}
