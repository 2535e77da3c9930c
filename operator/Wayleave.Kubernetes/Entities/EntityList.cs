using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes;

/// <summary>One page of objects.</summary>
public sealed class EntityList<TEntity> : IKubernetesObject<V1ListMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ListMeta Metadata { get; set; } = new();

    /// <summary>Never null, although the API server writes <c>null</c> for some lists without objects.</summary>
    public List<TEntity> Items { get; set => field = value ?? []; } = [];
}
