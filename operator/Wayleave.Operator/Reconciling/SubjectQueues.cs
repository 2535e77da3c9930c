using Wayleave.Enforcement;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Queue;
using Wayleave.Operator.Domains;

namespace Wayleave.Operator.Reconciling;

/// <summary>What waits to be worked on in one cluster.</summary>
internal sealed class SubjectQueues(KubernetesMetrics metrics, TimeProvider time) : IDisposable
{
    public RateLimitingQueue<SubjectKey> Policies { get; } = new("policies", metrics, time);

    public RateLimitingQueue<DomainName> Domains { get; } = new("domains", metrics, time);

    /// <summary>Whether nothing waits and nothing is worked on.</summary>
    public bool IsIdle => Policies.IsIdle && Domains.IsIdle;

    public void Dispose()
    {
        Policies.Dispose();
        Domains.Dispose();
    }
}
