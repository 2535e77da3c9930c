using k8s;
using k8s.Models;

namespace Wayleave.Testing.Meaning;

/// <summary>The objects in a cluster.</summary>
public interface IClusterObjects
{
    /// <summary>Lists all objects of a kind in all namespaces.</summary>
    IReadOnlyList<TEntity> List<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;
}
