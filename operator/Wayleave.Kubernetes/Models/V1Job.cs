namespace Wayleave.Kubernetes.Models;

[KubernetesEntity(Group = "batch", ApiVersion = "v1", Kind = "Job", PluralName = "jobs")]
public sealed class V1Job : IKubernetesObject<V1ObjectMeta>, ISpec<V1JobSpec?>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1JobSpec? Spec { get; set; }
}
