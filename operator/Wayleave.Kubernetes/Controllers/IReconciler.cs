namespace Wayleave.Kubernetes.Controllers;

/// <summary>Brings whatever a key stands for to its desired state.</summary>
public interface IReconciler<in TKey>
{
    /// <summary>Never called twice at once for one key. An exception is a failure that is tried again.</summary>
    Task<ReconciliationResult> ReconcileAsync(TKey key, CancellationToken cancellationToken);
}
