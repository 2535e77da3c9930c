using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Hears of every change that can matter to one cluster and passes those on that do. Runs on the informers' tasks, so it only looks into
/// indexes and adds to queues.
/// </summary>
internal sealed class ChangeRouter(ClusterCache cache, GovernanceCache governance, AffectedPolicies affected, TakenNames taken)
{
    /// <summary>Registers with all sources. Call once, before they run.</summary>
    public void Attach()
    {
        cache.Intents.AddHandler(IntentsChanged);
        cache.Protections.AddHandler(ProtectionChanged);
        cache.Policies.AddHandler(PolicyChanged);
        cache.Namespaces.AddHandler(NamespaceChanged);
        cache.Services.AddHandler((old, now) => affected.OfService(NamespacedName.Of((now ?? old)!)));
        cache.Endpoints.AddHandler(affected.OfService);
        cache.Workloads.AddHandler(affected.OfWorkload);
        governance.AddHandler(affected.OfNamespace);
    }

    /// <summary>Everything is looked at again, as after a start.</summary>
    public void EnqueueAll()
    {
        foreach (var intents in cache.Intents.Store.List())
        {
            IntentsChanged(null, intents);
        }

        foreach (var protection in cache.Protections.Store.List())
        {
            ProtectionChanged(null, protection);
        }

        foreach (var policy in cache.Policies.Store.List())
        {
            PolicyChanged(null, policy);
        }
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
        affected.Of(SubjectOf(old));
        affected.Of(SubjectOf(now));
        if ((now ?? old) is { } policy && !cache.Owner.MayUpdate(policy))
        {
            // A foreign policy that goes away may free the name that one of ours waits for.
            affected.Of(taken.Take(NamespacedName.Of(policy)));
        }
    }

    // Those of other installations too: while they have policies about a subject, they report on it.
    private static Enforcement.SubjectKey? SubjectOf(V1NetworkPolicy? policy) =>
        policy is null || !PolicyOwnership.WasApplied(policy) ? null : PolicyOwnership.SubjectOf(policy);

    // Of a namespace's labels only its own name matters to policies; the rest matters to who governs it, and that tells of itself.
    private void NamespaceChanged(V1Namespace? old, V1Namespace? now)
    {
        var before = OwnNameOf(old);
        if (before is null || before != OwnNameOf(now) || old?.Metadata.DeletionTimestamp != now?.Metadata.DeletionTimestamp)
        {
            affected.OfNamespace((now ?? old)!.Metadata.Name!);
        }
    }

    private static string? OwnNameOf(V1Namespace? @namespace) => @namespace is null
        ? null
        : @namespace.Metadata.Labels?.GetValueOrDefault(WayleaveLabels.NamespaceName) ?? "";
}
