namespace Wayleave.Kubernetes.Models;

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Namespace", PluralName = "namespaces", Scope = EntityScope.Cluster)]
public sealed class V1Namespace : IKubernetesObject<V1ObjectMeta>, IStatus<V1NamespaceStatus?>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1NamespaceStatus? Status { get; set; }
}
