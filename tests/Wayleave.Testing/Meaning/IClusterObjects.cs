using k8s;
using k8s.Models;

namespace Wayleave.Testing.Meaning;

/// <summary>What is in a cluster.</summary>
public interface IClusterObjects
{
    /// <summary>All of a kind, in all namespaces.</summary>
    IReadOnlyList<TEntity> List<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;
}
