using Wayleave.Enforcement;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Queue;
using Wayleave.Operator.Domains;

namespace Wayleave.Operator.Reconciling;

/// <summary>What waits to be worked on in one cluster.</summary>
/// <param name="metrics">Where the queues are measured.</param>
/// <param name="time">For delayed adds.</param>
/// <param name="prefix">Of the queues' names in metrics: one cluster is told from another kind of cluster by it.</param>
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
