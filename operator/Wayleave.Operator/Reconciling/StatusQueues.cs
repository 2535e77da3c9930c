using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Queue;

namespace Wayleave.Operator.Reconciling;

/// <summary>The declarations that wait to be reported on.</summary>
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
