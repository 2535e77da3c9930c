using k8s;
using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Queue;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.EventHandlers;
using Wayleave.Operator.Telemetry;

namespace Wayleave.Operator.Hosting;

/// <summary>
/// All controllers of the operator, their queues and the event handlers that fill these. A standby receives the same changes as the leader,
/// but its queues are paused.
/// </summary>
internal sealed class ControllerManager(
    ClusterComponents local,
    MemberClusterManager members,
    StatusEventHandler statuses,
    IEnumerable<IKindController> kinds,
    IEnumerable<CountedObjectSource> telemetry)
{
    private readonly IReadOnlyList<IKindController> _kinds = [.. kinds];

    public IReadOnlyList<IController> Controllers => [members, .. _kinds.Select(kind => kind.Controller), .. local.Controllers];

    /// <summary>
    /// Attaches all event handlers to the informers. Call once, before the informers run: an informer calls its handlers in this order.
    /// </summary>
    public void AttachHandlers()
    {
        foreach (var source in telemetry)
        {
            source.Attach();
        }

        local.AttachHandlers();
        members.Attach();
        statuses.Attach();
        foreach (var kind in _kinds)
        {
            kind.AttachHandler();
        }
    }

    /// <summary>Accepts keys from now on, and enqueues everything that the caches hold.</summary>
    public void ResumeQueues()
    {
        local.Queues.Resume();
        foreach (var kind in _kinds)
        {
            kind.ResumeQueue();
        }

        EnqueueAll();
    }

    /// <summary>Enqueues everything that the caches hold.</summary>
    public void EnqueueAll()
    {
        local.Changes.EnqueueAll();
        foreach (var kind in _kinds)
        {
            kind.EnqueueAll();
        }
    }

    /// <summary>Ignores new keys until <see cref="ResumeQueues"/>.</summary>
    public void PauseQueues()
    {
        local.Queues.Pause();
        foreach (var kind in _kinds)
        {
            kind.PauseQueue();
        }
    }
}

/// <summary>The controller of one of our kinds, and its queue.</summary>
internal interface IKindController
{
    IController Controller { get; }

    /// <summary>Attaches the event handler that enqueues objects of the kind. Call once, before the informer runs.</summary>
    void AttachHandler();

    /// <summary>Enqueues all objects of the kind.</summary>
    void EnqueueAll();

    /// <inheritdoc cref="RateLimitingQueue{TKey}.Resume"/>
    void ResumeQueue();

    /// <inheritdoc cref="RateLimitingQueue{TKey}.Pause"/>
    void PauseQueue();
}

/// <inheritdoc/>
internal sealed class KindController<TEntity>(
    Informer<TEntity> informer, RateLimitingQueue<NamespacedName> queue, EntityReconciler<TEntity> reconciler,
    IController controller) : IKindController
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public IController Controller => controller;

    public void AttachHandler() => informer.AddHandler(reconciler.HandleChange);

    public void EnqueueAll()
    {
        foreach (var entity in informer.Store.List())
        {
            queue.Add(NamespacedName.From(entity));
        }
    }

    public void ResumeQueue() => queue.Resume();

    public void PauseQueue() => queue.Pause();
}
