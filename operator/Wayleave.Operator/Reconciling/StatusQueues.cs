using Wayleave.Enforcement;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Queue;
using Wayleave.Operator.Domains;

namespace Wayleave.Operator.Reconciling;

/// <summary>The queues of declarations whose status is to be reconciled.</summary>
internal sealed class StatusQueues(KubernetesMetrics metrics, TimeProvider time) : IDisposable
{
    public RateLimitingQueue<NamespacedName> Intents { get; } = new("clientintents", metrics, time);

    public RateLimitingQueue<NamespacedName> Protections { get; } = new("protectedservices", metrics, time);

    public RateLimitingQueue<NamespacedName> Enforcements { get; } = new("enforcementpolicies", metrics, time);

    public RateLimitingQueue<NamespacedName> KafkaServers { get; } = new("kafkaserverconfigs", metrics, time);

    public RateLimitingQueue<NamespacedName> Clusters { get; } = new("clusters", metrics, time);

    /// <summary>Whether nothing waits and nothing is worked on.</summary>
    public bool IsIdle => Intents.IsIdle && Protections.IsIdle && Enforcements.IsIdle && KafkaServers.IsIdle && Clusters.IsIdle;

    /// <inheritdoc cref="RateLimitingQueue{TKey}.Pause"/>
    public void Pause()
    {
        Intents.Pause();
        Protections.Pause();
        Enforcements.Pause();
        KafkaServers.Pause();
        Clusters.Pause();
    }

    /// <inheritdoc cref="RateLimitingQueue{TKey}.Resume"/>
    public void Resume()
    {
        Intents.Resume();
        Protections.Resume();
        Enforcements.Resume();
        KafkaServers.Resume();
        Clusters.Resume();
    }

    public void Dispose()
    {
        Intents.Dispose();
        Protections.Dispose();
        Enforcements.Dispose();
        KafkaServers.Dispose();
        Clusters.Dispose();
    }
}

/// <summary>The queues of policy keys of one cluster.</summary>
/// <param name="metrics">Where the queues are measured.</param>
/// <param name="time">For delayed adds.</param>
/// <param name="prefix">The prefix of the queue names in metrics.</param>
internal sealed class PolicyQueues(KubernetesMetrics metrics, TimeProvider time, string prefix = "") : IDisposable
{
    public RateLimitingQueue<PolicyKey> Policies { get; } = new($"{prefix}policies", metrics, time);

    public RateLimitingQueue<DomainName> Domains { get; } = new($"{prefix}domains", metrics, time);

    /// <summary>Whether nothing waits and nothing is worked on.</summary>
    public bool IsIdle => Policies.IsIdle && Domains.IsIdle;

    /// <inheritdoc cref="RateLimitingQueue{TKey}.Pause"/>
    public void Pause()
    {
        Policies.Pause();
        Domains.Pause();
    }

    /// <inheritdoc cref="RateLimitingQueue{TKey}.Resume"/>
    public void Resume()
    {
        Policies.Resume();
        Domains.Resume();
    }

    public void Dispose()
    {
        Policies.Dispose();
        Domains.Dispose();
    }
}

/// <summary>
/// Starts and stops the queues of the local cluster with leadership. A standby receives the same changes, but no worker empties its queues.
/// </summary>
internal sealed class QueueManager(ChangeEventHandler changes, DeclarationEventHandler declarations, StatusQueues queues, PolicyQueues subjects)
{
    /// <summary>Accepts keys from now on, and enqueues everything that the caches hold.</summary>
    public void Start()
    {
        queues.Resume();
        subjects.Resume();
        changes.EnqueueAll();
        declarations.EnqueueAll();
    }

    /// <summary>Ignores new keys until the next start.</summary>
    public void Stop()
    {
        queues.Pause();
        subjects.Pause();
    }
}
