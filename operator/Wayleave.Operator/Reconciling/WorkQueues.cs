using Wayleave.Enforcement;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Queue;
using Wayleave.Operator.Domains;

namespace Wayleave.Operator.Reconciling;

/// <summary>What waits to be worked on.</summary>
internal sealed class WorkQueues(KubernetesMetrics metrics, TimeProvider time) : IDisposable
{
    public RateLimitingQueue<SubjectKey> Policies { get; } = new("policies", metrics, time);

    public RateLimitingQueue<NamespacedName> Intents { get; } = new("clientintents", metrics, time);

    public RateLimitingQueue<NamespacedName> Protections { get; } = new("protectedservices", metrics, time);

    public RateLimitingQueue<NamespacedName> Enforcements { get; } = new("enforcementpolicies", metrics, time);

    public RateLimitingQueue<NamespacedName> KafkaServers { get; } = new("kafkaserverconfigs", metrics, time);

    public RateLimitingQueue<DomainName> Domains { get; } = new("domains", metrics, time);

    /// <summary>Whether nothing waits and nothing is worked on.</summary>
    public bool IsIdle => Policies.IsIdle && Intents.IsIdle && Protections.IsIdle && Enforcements.IsIdle && KafkaServers.IsIdle && Domains.IsIdle;

    public void Dispose()
    {
        Policies.Dispose();
        Intents.Dispose();
        Protections.Dispose();
        Enforcements.Dispose();
        KafkaServers.Dispose();
        Domains.Dispose();
    }
}
