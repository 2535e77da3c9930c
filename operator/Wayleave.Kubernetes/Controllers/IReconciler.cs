using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Controllers;

/// <summary>Brings what a key names to its desired state.</summary>
public interface IReconciler<in TKey>
{
    /// <summary>Never runs concurrently for one key. After an exception it is retried with backoff.</summary>
    Task<ReconciliationResult> ReconcileAsync(TKey key, CancellationToken cancellationToken);
}

/// <summary>Reconciles one kind of entity.</summary>
public interface IEntityController<in TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The entity was added or changed, or is reconciled again.</summary>
    Task<ReconciliationResult> ReconcileAsync(TEntity entity, CancellationToken cancellationToken);

    /// <summary>
    /// The entity was deleted; this is its last known state. Called again until it returns <see cref="ReconciliationResult.Done"/>.
    /// </summary>
    Task<ReconciliationResult> DeletedAsync(TEntity entity, CancellationToken cancellationToken);
}

/// <summary>The result of a reconcile. An unexpected failure is an exception instead and is retried with backoff.</summary>
public sealed record ReconciliationResult
{
    private ReconciliationResult(string name) => Name = name;

    /// <summary>The actual state matches the desired state.</summary>
    public static ReconciliationResult Done { get; } = new("done");

    /// <summary>Waits for an event that will enqueue the key again. Does not requeue.</summary>
    public static ReconciliationResult NoRequeue { get; } = new("no_requeue");

    /// <summary>Reconcile again after a delay, even if nothing changes.</summary>
    public static ReconciliationResult RequeueAfter(TimeSpan delay) => new("requeue_after") { Delay = delay };

    /// <summary>The user has to change something; a retry cannot help.</summary>
    public static ReconciliationResult Stalled(string reason) => new("stalled") { StallReason = reason };

    /// <summary>The value of the metric label <c>result</c>.</summary>
    public string Name { get; }

    internal TimeSpan? Delay { get; private init; }

    internal string? StallReason { get; private init; }
}
