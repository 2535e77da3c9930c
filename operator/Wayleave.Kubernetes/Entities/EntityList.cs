using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes;

/// <summary>One page of objects.</summary>
public sealed class EntityList<TEntity> : IKubernetesObject<V1ListMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ListMeta Metadata { get; set; } = new();

    public List<TEntity> Items { get; set; } = [];
}
