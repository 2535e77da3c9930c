using System.Text.Json;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Observing;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.EventHandlers;

/// <summary>
/// Enqueues the objects whose status depends on another object that changed. A changed object itself is enqueued by its controller. Only
/// the local cluster has statuses. Runs on the informers' tasks, so it only reads indexes and adds to queues.
/// </summary>
internal sealed class StatusEventHandler(
    DeclarationCache declarations, ClusterCache cluster, NamespaceSettingsCache governance, ObservedCallReader observed,
    KubeconfigSecretReader secrets, StatusQueues queues)
{
    // Batches changes, because the status of an EnforcementPolicy contains counts.
    private static readonly TimeSpan CensusDelay = TimeSpan.FromSeconds(1);

    // The readiness of an EnforcementPolicy is computed from the whole map.
    private static readonly TimeSpan ReadinessDelay = TimeSpan.FromSeconds(10);

    /// <summary>Registers with all sources. Call once, before they run.</summary>
    public void Attach()
    {
        declarations.Enforcements.AddHandler(EnforcementChanged);
        declarations.Clusters.AddHandler(ClusterChanged);
        declarations.Secrets.AddHandler(SecretChanged);
        cluster.Namespaces.AddHandler(NamespaceChanged);
        cluster.Workloads.AddHandler(WorkloadChanged);
        if (observed.IsEnabled)
        {
            observed.AddHandler(ObservedChanged, ObservedSynced);
            declarations.Intents.AddHandler(IntentsChanged);
            declarations.Protections.AddHandler(ProtectionChanged);
            cluster.Services.AddHandler(ServiceChanged);
        }
    }

    /// <summary>Enqueues the declarations that select a member cluster.</summary>
    public void EnqueueDeclarationsFor(Cluster? member)
    {
        foreach (var intents in declarations.Intents.Store.List().Where(intents => IsMeant(intents.Parse().Clusters, member)))
        {
            queues.Intents.Add(NamespacedName.From(intents));
        }

        foreach (var protection in declarations.Protections.Store.List().Where(protection => IsMeant(protection.Parse().Clusters, member)))
        {
            queues.Protections.Add(NamespacedName.From(protection));
        }
    }

    /// <summary>Enqueues Clusters that were rejected as duplicates, because one of them may now be used.</summary>
    public void EnqueueDuplicates()
    {
        foreach (var duplicate in declarations.Clusters.Store.List().Where(IsRejectedAsDuplicate))
        {
            queues.Clusters.Add(NamespacedName.From(duplicate));
        }
    }

    private void EnforcementChanged(EnforcementPolicy? old, EnforcementPolicy? now)
    {
        if (!Changes.IsSameSpec(old, now))
        {
            EnqueueEnforcements(TimeSpan.Zero);
        }
    }

    private void ClusterChanged(Cluster? old, Cluster? now)
    {
        if (!Changes.HasSameLabels(old, now))
        {
            EnqueueDeclarationsFor(old);
            EnqueueDeclarationsFor(now);
        }
    }

    private void SecretChanged(V1Secret? old, V1Secret? now)
    {
        var secret = NamespacedName.From((now ?? old)!);
        foreach (var member in declarations.Clusters.Store.List().Where(member => secrets.GetSecretName(member) == secret))
        {
            queues.Clusters.Add(NamespacedName.From(member));
        }
    }

    private void NamespaceChanged(V1Namespace? old, V1Namespace? now)
    {
        if (!Changes.HasSameLabels(old, now) || old?.Metadata.DeletionTimestamp != now?.Metadata.DeletionTimestamp)
        {
            EnqueueEnforcements(CensusDelay);
        }
    }

    // Its labels say which Pods it has, and its ports what their names mean.
    private void WorkloadChanged(WorkloadChange change)
    {
        var (@namespace, name) = (change.Name.Namespace, change.Name.Name);
        if (governance.GetSettings(@namespace).Policy is { } policy)
        {
            EnqueueEnforcement(new NamespacedName("", policy), CensusDelay);
        }

        if (declarations.Observed is { Store: { Count: > 0 } map })
        {
            EnqueueClientsOf(new PolicyKey(SubjectType.Workload, @namespace, name));
            foreach (var seen in map.ByIndex(Indexers.Client, Indexers.GetClientKey(@namespace, name)))
            {
                EnqueueClient(seen);
            }
        }
    }

    private void ServiceChanged(PartialService? old, PartialService? now)
    {
        if (old is null || now is null || !IsSame(old.Spec, now.Spec))
        {
            var service = NamespacedName.From((now ?? old)!);
            EnqueueClientsOf(new PolicyKey(SubjectType.Service, service.Namespace, service.Name));
        }
    }

    // What one declaration declares, the others of the same client report as declared too.
    private void IntentsChanged(ClientIntents? old, ClientIntents? now)
    {
        if (!Changes.IsSameSpec(old, now))
        {
            EnqueueSameClient(old);
            EnqueueSameClient(now);
            EnqueueReadiness();
        }
    }

    private void ProtectionChanged(ProtectedService? old, ProtectedService? now)
    {
        if (!Changes.IsSameSpec(old, now))
        {
            EnqueueReadiness();
        }
    }

    private void ObservedChanged(ObservedIntents? old, ObservedIntents? now)
    {
        if (old is null || now is null || !HasSameCalls(old, now))
        {
            EnqueueClient((now ?? old)!);
            EnqueueReadiness();
        }
    }

    private void ObservedSynced()
    {
        foreach (var intents in declarations.Intents.Store.List())
        {
            queues.Intents.Add(NamespacedName.From(intents));
        }

        EnqueueReadiness();
    }

    private void EnqueueClientsOf(PolicyKey server)
    {
        foreach (var intents in declarations.Intents.Store.ByIndex(Indexers.Server, server.ToString()))
        {
            EnqueueSameClient(intents);
        }
    }

    private void EnqueueSameClient(ClientIntents? intents)
    {
        foreach (var seen in intents is null ? [] : observed.FindObserved(intents))
        {
            EnqueueClient(seen);
        }
    }

    private void EnqueueClient(ObservedIntents seen)
    {
        foreach (var intents in observed.FindDeclarations(seen))
        {
            queues.Intents.Add(NamespacedName.From(intents));
        }
    }

    private void EnqueueReadiness() => EnqueueEnforcements(ReadinessDelay, EnforcementModeNames.Shadow);

    private void EnqueueEnforcements(TimeSpan delay, string? mode = null)
    {
        foreach (var policy in declarations.Enforcements.Store.List().Where(policy => mode is null || policy.Spec.Mode == mode))
        {
            EnqueueEnforcement(NamespacedName.From(policy), delay);
        }
    }

    // With a single watched namespace, EnforcementPolicies are not reported on: what they govern cannot be counted.
    private void EnqueueEnforcement(NamespacedName policy, TimeSpan delay)
    {
        if (cluster.OnlyNamespace is null)
        {
            queues.Enforcements.AddAfter(policy, delay);
        }
    }

    private static bool IsMeant(ClusterSelection? clusters, Cluster? member) =>
        member is not null && ClusterSelectionMatcher.Includes(clusters, member.Metadata.Name!, member.Metadata.Labels);

    private static bool IsRejectedAsDuplicate(Cluster member) =>
        member.Status?.Conditions?.Exists(condition => condition is { Type: ConditionTypes.Ready, Reason: Reasons.SameCluster }) == true;

    // Both were trimmed to what is decided by them. Calls that are kept for their answers of DNS do not count here.
    private static bool HasSameCalls(ObservedIntents old, ObservedIntents now) => old.Since == now.Since
        && old.Calls.Where(ParsedCall.Counts).Select(ToJson).SequenceEqual(
            now.Calls.Where(ParsedCall.Counts).Select(ToJson), StringComparer.Ordinal);

    private static string ToJson(ObservedCall call) => JsonSerializer.Serialize(call, ApiJson.Default.ObservedCall);

    private static bool IsSame(PartialServiceSpec? old, PartialServiceSpec? now) =>
        SelectorEquality.LabelsEqual(old?.Selector, now?.Selector)
        && (old?.Ports ?? []).Select(Text).SequenceEqual((now?.Ports ?? []).Select(Text), StringComparer.Ordinal);

    private static string Text(PartialServicePort port) => $"{port.Name} {port.Port} {port.TargetPort} {port.Protocol}";
}
