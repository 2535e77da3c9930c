namespace Wayleave.Kubernetes.Models;

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Node", PluralName = "nodes", Scope = EntityScope.Cluster)]
public sealed class V1Node : IKubernetesObject<V1ObjectMeta>, ISpec<V1NodeSpec?>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1NodeSpec? Spec { get; set; }
}

public sealed class V1NodeSpec
{
    /// <summary>The ranges that the Pods of the node get their addresses from, where the cluster assigns them by node.</summary>
    public List<string>? PodCIDRs { get; set; }
}
