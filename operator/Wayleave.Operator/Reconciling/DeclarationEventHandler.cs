using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Observing;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Enqueues EnforcementPolicies whose status counts may have changed. Runs on the informers' tasks, so it only adds to queues.
/// </summary>
internal sealed class DeclarationEventHandler(
    DeclarationCache declarations, ClusterCache cache, NamespaceSettingsCache governance, StatusQueues queues,
    ObservedCallEventHandler observed)
{
    // Batches changes, because a status contains counts.
    private static readonly TimeSpan CensusDelay = TimeSpan.FromSeconds(1);

    /// <summary>Registers with all sources. Call once, before they run.</summary>
    public void Attach()
    {
        declarations.Enforcements.AddHandler(EnforcementChanged);
        cache.Namespaces.AddHandler(NamespaceChanged);
        cache.Workloads.AddHandler(WorkloadChanged);
        observed.Attach();
    }

    private void EnforcementChanged(EnforcementPolicy? old, EnforcementPolicy? now)
    {
        if (!Changes.IsSameSpec(old, now))
        {
            EnqueueCensus(TimeSpan.Zero);
        }
    }

    private void NamespaceChanged(V1Namespace? old, V1Namespace? now)
    {
        if (old is null || now is null
            || !SelectorEquality.ContainsAll(old.Metadata.Labels, now.Metadata.Labels)
                || !SelectorEquality.ContainsAll(now.Metadata.Labels, old.Metadata.Labels)
            || old.Metadata.DeletionTimestamp != now.Metadata.DeletionTimestamp)
        {
            EnqueueCensus(CensusDelay);
        }
    }

    private void WorkloadChanged(WorkloadChange workload)
    {
        if (governance.GetSettings(workload.Name.Namespace).Policy is { } policy)
        {
            EnqueueCensus(new NamespacedName("", policy), CensusDelay);
        }
    }

    private void EnqueueCensus(TimeSpan delay)
    {
        foreach (var policy in declarations.Enforcements.Store.List())
        {
            EnqueueCensus(NamespacedName.From(policy), delay);
        }
    }

    // With a single watched namespace, the namespaces that a policy governs cannot be counted.
    private void EnqueueCensus(NamespacedName policy, TimeSpan delay)
    {
        if (cache.OnlyNamespace is null)
        {
            queues.Enforcements.AddAfter(policy, delay);
        }
    }
}
