using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Controllers;

/// <summary>Reconciles one kind of entity.</summary>
public interface IEntityController<in TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The entity was added or changed, or is looked at again.</summary>
    Task<ReconciliationResult> ReconcileAsync(TEntity entity, CancellationToken cancellationToken);

    /// <summary>The entity is gone; this is how it last looked. Called again until it is done.</summary>
    Task<ReconciliationResult> DeletedAsync(TEntity entity, CancellationToken cancellationToken);
}
