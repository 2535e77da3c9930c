namespace Wayleave.Kubernetes.Models;

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Endpoints", PluralName = "endpoints")]
public sealed class V1Endpoints : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public List<V1EndpointSubset>? Subsets { get; set; }
}
