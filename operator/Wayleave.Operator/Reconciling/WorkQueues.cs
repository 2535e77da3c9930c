using Wayleave.Enforcement;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Queue;

namespace Wayleave.Operator.Reconciling;

/// <summary>What waits to be worked on.</summary>
internal sealed class WorkQueues(KubernetesMetrics metrics, TimeProvider time) : IDisposable
{
    public RateLimitingQueue<ServerKey> Policies { get; } = new("policies", metrics, time);

    public RateLimitingQueue<NamespacedName> Intents { get; } = new("clientintents", metrics, time);

    public RateLimitingQueue<NamespacedName> Protections { get; } = new("protectedservices", metrics, time);

    /// <summary>Whether nothing waits and nothing is worked on.</summary>
    public bool IsIdle => Policies.IsIdle && Intents.IsIdle && Protections.IsIdle;

    public void Dispose()
    {
        Policies.Dispose();
        Intents.Dispose();
        Protections.Dispose();
    }
}
