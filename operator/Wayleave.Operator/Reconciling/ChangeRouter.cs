using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Hears of every change and passes on those that can matter. Runs on the informers' tasks, so it only looks into indexes and adds to
/// queues.
/// </summary>
internal sealed class ChangeRouter(ClusterCache cache, GovernanceCache governance, AffectedPolicies affected, WorkQueues queues, TakenNames taken)
{
    // A status that counts is written once for many changes.
    private static readonly TimeSpan CensusDelay = TimeSpan.FromSeconds(1);

    /// <summary>Registers with all informers. Call once, before they run.</summary>
    public void Attach()
    {
        cache.Intents.AddHandler(IntentsChanged);
        cache.Protections.AddHandler(ProtectionChanged);
        cache.Policies.AddHandler(PolicyChanged);
        cache.Enforcements.AddHandler(EnforcementChanged);
        cache.Namespaces.AddHandler(NamespaceChanged);
        cache.Services.AddHandler((old, now) => affected.OfService(NamespacedName.Of((now ?? old)!)));
        cache.Endpoints.AddHandler(affected.OfService);
        cache.Workloads.AddHandler(WorkloadChanged);
        governance.AddHandler(affected.OfNamespace);
    }

    /// <summary>Everything is looked at again, as after a start: used when this process takes the lead.</summary>
    public void EnqueueAll()
    {
        foreach (var intents in cache.Intents.Store.List())
        {
            IntentsChanged(null, intents);
            queues.Intents.Add(NamespacedName.Of(intents));
        }

        foreach (var protection in cache.Protections.Store.List())
        {
            ProtectionChanged(null, protection);
            queues.Protections.Add(NamespacedName.Of(protection));
        }

        foreach (var policy in cache.Policies.Store.List())
        {
            PolicyChanged(null, policy);
        }

        cache.KafkaServers.Store.List().ToList().ForEach(server => queues.KafkaServers.Add(NamespacedName.Of(server)));
        EnqueueCensus(TimeSpan.Zero);
    }

    private void IntentsChanged(ClientIntents? old, ClientIntents? now)
    {
        if (!Changes.IsSameSpec(old, now))
        {
            affected.Of(old);
            affected.Of(now);
        }
    }

    private void ProtectionChanged(ProtectedService? old, ProtectedService? now)
    {
        if (!Changes.IsSameSpec(old, now))
        {
            affected.Of(old);
            affected.Of(now);
        }
    }

    private void PolicyChanged(V1NetworkPolicy? old, V1NetworkPolicy? now)
    {
        affected.Of(old is null || !PolicyOwnership.WasAppliedByUs(old) ? null : PolicyOwnership.SubjectOf(old));
        affected.Of(now is null || !PolicyOwnership.WasAppliedByUs(now) ? null : PolicyOwnership.SubjectOf(now));
        if ((now ?? old) is { } policy && !PolicyOwnership.WasAppliedByUs(policy))
        {
            // A foreign policy that goes away may free the name that one of ours waits for.
            affected.Of(taken.Take(NamespacedName.Of(policy)));
        }
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
        if (old is not null && now is not null
            && SelectorEquality.Includes(old.Metadata.Labels, now.Metadata.Labels) && SelectorEquality.Includes(now.Metadata.Labels, old.Metadata.Labels)
            && old.Metadata.DeletionTimestamp == now.Metadata.DeletionTimestamp)
        {
            return;
        }

        var before = NamespaceStateOf(old);
        if (before != NamespaceStateOf(now) || old?.Metadata.DeletionTimestamp != now?.Metadata.DeletionTimestamp || before is null)
        {
            affected.OfNamespace((now ?? old)!.Metadata.Name!);
        }

        EnqueueCensus(CensusDelay);
    }

    private void WorkloadChanged(NamespacedName workload)
    {
        affected.OfWorkload(workload);
        if (governance.RuleOf(workload.Namespace).Policy is { } policy)
        {
            queues.Enforcements.AddAfter(new NamespacedName("", policy), CensusDelay);
        }
    }

    // Of a namespace's labels only its own name matters to policies; the rest matters to who governs it, and that tells of itself.
    private static string? NamespaceStateOf(V1Namespace? @namespace) => @namespace is null
        ? null
        : @namespace.Metadata.Labels?.GetValueOrDefault(WayleaveLabels.NamespaceName) ?? "";

    private void EnqueueCensus(TimeSpan delay)
    {
        foreach (var policy in cache.Enforcements.Store.List())
        {
            queues.Enforcements.AddAfter(NamespacedName.Of(policy), delay);
        }
    }
}
