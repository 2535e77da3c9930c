using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Network;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Domains;
using Wayleave.Operator.Observing;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.EventHandlers;

/// <summary>
/// Enqueues policy keys when objects of a cluster change. The local cluster and each member have their own. Runs on the informers' tasks,
/// so it only reads indexes and adds to queues.
/// </summary>
/// <param name="cache">The caches of the cluster.</param>
/// <param name="governance">The settings of its namespaces.</param>
/// <param name="affected">Finds and enqueues the keys.</param>
/// <param name="nameConflicts">The policies that wait for a name.</param>
/// <param name="waits">The clients that wait for domains.</param>
/// <param name="observed">The map of the network mapper. Null for members, whose map is not read.</param>
internal sealed class PolicyEventHandler(
    ClusterCache cache, NamespaceSettingsCache governance, AffectedPolicyEnqueuer affected, NameConflicts nameConflicts,
    DomainWaitTracker waits, ObservedCallReader? observed)
{
    /// <summary>Registers with all sources. Call once, before they run.</summary>
    public void Attach()
    {
        cache.Intents.AddHandler(IntentsChanged);
        cache.Protections.AddHandler(ProtectionChanged);
        cache.Policies.AddHandler(PolicyChanged);
        cache.Namespaces.AddHandler(NamespaceChanged);
        cache.Services.AddHandler(ServiceChanged);
        cache.Endpoints.AddHandler(affected.EnqueueForService);
        cache.Workloads.AddHandler(affected.EnqueueForWorkload);
        cache.Exposure.AddHandler(affected.EnqueueForServicePods);
        cache.Exposure.AddAnyServiceHandler(affected.EnqueueForExposedServices);
        cache.Exposure.AddSyncedHandler(EnqueueIfKnown);
        cache.Network.AddHandler(NetworkChanged);
        cache.Network.AddSyncedHandler(EnqueueIfKnown);
        governance.AddHandler(affected.EnqueueForNamespace);
        observed?.AddHandler(ObservedChanged, affected.EnqueueForDomains);
    }

    /// <summary>Enqueues everything, as after a start.</summary>
    public void EnqueueAll()
    {
        waits.Clear();
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

    private void ServiceChanged(PartialService? old, PartialService? now)
    {
        affected.EnqueueForService(NamespacedName.From((now ?? old)!));
        affected.EnqueueForBackends(old);
        affected.EnqueueForBackends(now);
    }

    // What waited until it is known what exposes servers can be decided now.
    private void EnqueueIfKnown()
    {
        if (cache.IsExposureKnown)
        {
            EnqueueAll();
        }
    }

    private void NetworkChanged(ClusterNetwork before, ClusterNetwork now)
    {
        if (before.Dns.SequenceEqual(now.Dns))
        {
            affected.EnqueueForExposedServices();
            affected.EnqueueForDomains();
        }
        else
        {
            EnqueueAll();
        }
    }

    private void IntentsChanged(ClientIntents? old, ClientIntents? now)
    {
        if (!Changes.IsSameSpec(old, now))
        {
            // What the edit allows is written before what it no longer allows.
            affected.EnqueueFor(now);
            affected.EnqueueFor(old);
            if (old?.Parse().IsRetained == true)
            {
                affected.EnqueueForPoliciesIn(old.Metadata.NamespaceProperty ?? "");
            }
        }
    }

    private void ProtectionChanged(ProtectedService? old, ProtectedService? now)
    {
        if (!Changes.IsSameSpec(old, now))
        {
            affected.EnqueueFor(old);
            affected.EnqueueFor(now);
        }
    }

    private void PolicyChanged(V1NetworkPolicy? old, V1NetworkPolicy? now)
    {
        affected.EnqueueFor(SubjectOf(old));
        affected.EnqueueFor(SubjectOf(now));
        if (now is null && SubjectOf(old) is { } gone)
        {
            // The policy may have been the last information about a deleted server.
            affected.EnqueueForClients(gone);
        }

        if (IsForeign(old) || IsForeign(now))
        {
            // A foreign policy that is deleted, or that becomes ours, may free the name that one of ours waits for.
            affected.EnqueueFor(nameConflicts.TryRemove(NamespacedName.From((now ?? old)!)));
        }
    }

    private bool IsForeign(V1NetworkPolicy? policy) => policy is not null && !cache.Owner.MayUpdate(policy);

    // Policies of other installations count too, because their owner writes the status.
    private static Enforcement.PolicyKey? SubjectOf(V1NetworkPolicy? policy) =>
        policy is null || !PolicyMetadataReader.IsWrittenByWayleave(policy) ? null : PolicyMetadataReader.ReadKey(policy);

    // Servers with acceptFrom depend on all labels of the client's namespace. Policies depend only on its name label. The governance cache
    // reports changed settings itself.
    private void NamespaceChanged(V1Namespace? old, V1Namespace? now)
    {
        var name = (now ?? old)!.Metadata.Name!;
        var before = GetNameLabel(old);
        if (before is null || before != GetNameLabel(now) || old?.Metadata.DeletionTimestamp != now?.Metadata.DeletionTimestamp)
        {
            affected.EnqueueForNamespace(name);
        }
        else if (!SelectorEquality.LabelsEqual(old?.Metadata.Labels, now?.Metadata.Labels))
        {
            affected.EnqueueForAcceptFrom(name);
        }
    }

    // An object that was written again under another UID counts as changed: what it has not learned again stays allowed.
    private void ObservedChanged(ObservedIntents? old, ObservedIntents? now)
    {
        var changed = SeenAnswers.FindChangedNames(old, now);
        if (changed.Count > 0)
        {
            affected.EnqueueForAnswers(observed!.FindDeclarations((now ?? old)!), changed);
        }
    }

    private static string? GetNameLabel(V1Namespace? @namespace) => @namespace is null
        ? null
        : @namespace.Metadata.Labels.Find(WayleaveLabels.NamespaceName) ?? "";
}
