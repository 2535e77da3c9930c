using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Queue;
using Wayleave.Operator.Domains;

namespace Wayleave.Operator.Reconciling;

/// <summary>The queues of objects whose status is to be reconciled, one for each kind. Thread-safe.</summary>
internal sealed class StatusQueues(EntityRegistry registry, KubernetesMetrics metrics, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<Type, Lazy<RateLimitingQueue<NamespacedName>>> _queues = new();

    public RateLimitingQueue<NamespacedName> Intents => Get<ClientIntents>();

    public RateLimitingQueue<NamespacedName> Protections => Get<ProtectedService>();

    public RateLimitingQueue<NamespacedName> Enforcements => Get<EnforcementPolicy>();

    public RateLimitingQueue<NamespacedName> Clusters => Get<Cluster>();

    /// <summary>Whether all queues are empty and no key is in progress.</summary>
    public bool IsIdle => _queues.Values.All(queue => queue.Value.IsIdle);

    /// <summary>The queue of a kind. Its name in metrics is the plural name of the kind.</summary>
    public RateLimitingQueue<NamespacedName> Get<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        _queues.GetOrAdd(
            typeof(TEntity),
            _ => new(() => new RateLimitingQueue<NamespacedName>(registry.Get<TEntity>().Entity.PluralName, metrics, time))).Value;

    public void Dispose()
    {
        foreach (var queue in _queues.Values)
        {
            queue.Value.Dispose();
        }
    }
}

/// <summary>The queues of policy keys of one cluster.</summary>
/// <param name="metrics">Where the queues are measured.</param>
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
