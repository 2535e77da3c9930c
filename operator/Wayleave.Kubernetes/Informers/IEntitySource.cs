using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Informers;

/// <summary>Objects of one kind, and word of their changes, wherever they come from.</summary>
public interface IEntitySource<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    IStore<TEntity> Store { get; }

    /// <summary>
    /// Called with the object before (null when added) and after (null when deleted), one change after the other. Handlers must be quick
    /// and must not throw. Add them before the source runs.
    /// </summary>
    void AddHandler(Action<TEntity?, TEntity?> handler);
}
