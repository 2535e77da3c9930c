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
public abstract record ReconciliationResult
{
    private ReconciliationResult()
    {
    }

    /// <summary>The actual state matches the desired state.</summary>
    public static ReconciliationResult Done { get; } = new DoneResult();

    /// <summary>Waits for an event that will enqueue the key again. Does not requeue.</summary>
    public static ReconciliationResult Waiting { get; } = new WaitingResult();

    /// <summary>Reconcile again after a delay, even if nothing changes.</summary>
    public static ReconciliationResult RequeueAfter(TimeSpan delay) => new RequeueAfterResult(delay);

    /// <summary>The user has to change something; a retry cannot help.</summary>
    public static ReconciliationResult Stalled(string reason) => new StalledResult(reason);

    /// <summary>The value of the metric label <c>result</c>.</summary>
    public abstract string Name { get; }

    internal sealed record DoneResult : ReconciliationResult
    {
        public override string Name => "done";
    }

    internal sealed record WaitingResult : ReconciliationResult
    {
        public override string Name => "waiting";
    }

    internal sealed record RequeueAfterResult(TimeSpan Delay) : ReconciliationResult
    {
        public override string Name => "requeue_after";
    }

    internal sealed record StalledResult(string Reason) : ReconciliationResult
    {
        public override string Name => "stalled";
    }
}
