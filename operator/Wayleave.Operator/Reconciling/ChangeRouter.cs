using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Turns a change of any object into the keys of just those servers whose policies it can affect. Runs on the informers' tasks, so it only
/// looks into indexes and adds to queues.
/// </summary>
internal sealed class ChangeRouter(ClusterCache cache, WorkQueues queues, TakenNames taken)
{
    /// <summary>Registers with all informers. Call once, before they run.</summary>
    public void Attach()
    {
        cache.Intents.AddHandler(IntentsChanged);
        cache.Protections.AddHandler(ProtectionChanged);
        cache.Policies.AddHandler(PolicyChanged);
        cache.Namespaces.AddHandler(NamespaceChanged);
        cache.Services.AddHandler(ServiceChanged);
        cache.Workloads.AddHandler(WorkloadChanged);
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
    }

    private void IntentsChanged(ClientIntents? old, ClientIntents? now)
    {
        if (IsSameSpec(old, now))
        {
            return;
        }

        EnqueueServers(old);
        EnqueueServers(now);
    }

    private void ProtectionChanged(ProtectedService? old, ProtectedService? now)
    {
        if (IsSameSpec(old, now))
        {
            return;
        }

        Enqueue(old is null ? null : DeclaredProtection.Server(old));
        Enqueue(now is null ? null : DeclaredProtection.Server(now));
    }

    private void PolicyChanged(V1NetworkPolicy? old, V1NetworkPolicy? now)
    {
        Enqueue(old is null || !PolicyOwnership.WasAppliedByUs(old) ? null : PolicyOwnership.ServerOf(old));
        Enqueue(now is null || !PolicyOwnership.WasAppliedByUs(now) ? null : PolicyOwnership.ServerOf(now));
        if ((now ?? old) is { } policy && !PolicyOwnership.WasAppliedByUs(policy))
        {
            // A foreign policy that goes away may free the name that one of ours waits for.
            Enqueue(taken.Take(NamespacedName.Of(policy)));
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

        var name = (now ?? old)!.Metadata.Name!;
        foreach (var intents in cache.Intents.Store.ByIndex(IndexNames.Namespace, name))
        {
            Enqueue(DeclaredTargets.Servers(intents).Where(server => server.Namespace == name || intents.Metadata.NamespaceProperty == name));
        }

        foreach (var protection in cache.Protections.Store.ByIndex(IndexNames.Namespace, name))
        {
            Enqueue(DeclaredProtection.Server(protection));
        }
    }

    private void ServiceChanged(V1Service? old, V1Service? now)
    {
        var service = (now ?? old)!;
        EnqueueIfDeclared(new ServerKey(ServerType.Service, service.Metadata.NamespaceProperty ?? "", service.Metadata.Name ?? ""));
    }

    private void WorkloadChanged(NamespacedName workload)
    {
        EnqueueIfDeclared(new ServerKey(ServerType.Workload, workload.Namespace, workload.Name));
        foreach (var intents in cache.Intents.Store.ByIndex(IndexNames.Client, IndexNames.ClientOf(workload.Namespace, workload.Name)))
        {
            EnqueueServers(intents);
        }
    }

    private void EnqueueServers(ClientIntents? intents)
    {
        if (intents is not null)
        {
            Enqueue(DeclaredTargets.Servers(intents));
        }
    }

    // A namesake that nobody declared anything about costs two look-ups and no work.
    private void EnqueueIfDeclared(ServerKey server)
    {
        var key = server.ToString();
        if (cache.Intents.Store.CountByIndex(IndexNames.Server, key) > 0
            || cache.Protections.Store.CountByIndex(IndexNames.Server, key) > 0
            || cache.Policies.Store.CountByIndex(IndexNames.Server, key) > 0)
        {
            queues.Policies.Add(server);
        }
    }

    private void Enqueue(IEnumerable<ServerKey> servers)
    {
        foreach (var server in servers)
        {
            queues.Policies.Add(server);
        }
    }

    private void Enqueue(ServerKey? server)
    {
        if (server is { } key)
        {
            queues.Policies.Add(key);
        }
    }

    // Our own status writes come back as changes; they change no spec.
    private static bool IsSameSpec(IKubernetesObject<V1ObjectMeta>? old, IKubernetesObject<V1ObjectMeta>? now) =>
        old is not null && now is not null
        && old.Metadata.Uid == now.Metadata.Uid
        && old.Metadata.Generation == now.Metadata.Generation
        && old.Metadata.DeletionTimestamp == now.Metadata.DeletionTimestamp;
}
