using System.Text.Json;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Observing;

/// <summary>
/// Enqueues the declarations whose statuses report seen calls when these, or what is declared, change. Runs on the informers' tasks, so it
/// only reads indexes and adds to queues.
/// </summary>
internal sealed class ObservedCallEventHandler(
    DeclarationCache declarations, ClusterCache cluster, ObservedCallReader reader, StatusQueues queues)
{
    // Batches changes, because the status of a policy is computed from the whole map.
    private static readonly TimeSpan PolicyDelay = TimeSpan.FromSeconds(10);

    /// <summary>Registers with all sources, if the map is read. Call once, before they run.</summary>
    public void Attach()
    {
        if (declarations.Observed is null)
        {
            return;
        }

        reader.AddHandler(ObservedChanged, EnqueueAll);
        declarations.Intents.AddHandler(IntentsChanged);
        declarations.Protections.AddHandler(ProtectionChanged);
        cluster.Services.AddHandler(ServiceChanged);
        cluster.Workloads.AddHandler(WorkloadChanged);
    }

    private void EnqueueAll()
    {
        foreach (var intents in declarations.Intents.Store.List())
        {
            queues.Intents.Add(NamespacedName.From(intents));
        }

        EnqueuePolicies();
    }

    private void ObservedChanged(ObservedIntents? old, ObservedIntents? now)
    {
        if (old is not null && now is not null && SaysTheSame(old, now))
        {
            return;
        }

        EnqueueClient((now ?? old)!);
        EnqueuePolicies();
    }

    // What one declaration declares, the others of the same client report as declared too.
    private void IntentsChanged(ClientIntents? old, ClientIntents? now)
    {
        if (Changes.IsSameSpec(old, now))
        {
            return;
        }

        EnqueueClients(old);
        EnqueueClients(now);
        EnqueuePolicies();
    }

    private void ProtectionChanged(ProtectedService? old, ProtectedService? now)
    {
        if (!Changes.IsSameSpec(old, now))
        {
            EnqueuePolicies();
        }
    }

    private void ServiceChanged(PartialService? old, PartialService? now)
    {
        if (old is null || now is null || !IsSame(old.Spec, now.Spec))
        {
            var service = NamespacedName.From((now ?? old)!);
            EnqueueDeclarationsOn(new PolicyKey(SubjectType.Service, service.Namespace, service.Name));
        }
    }

    // Its labels say which Pods it has, and its ports what their names mean.
    private void WorkloadChanged(WorkloadChange change)
    {
        if (declarations.Observed!.Store.Count == 0)
        {
            return;
        }

        var (@namespace, name) = (change.Name.Namespace, change.Name.Name);
        EnqueueDeclarationsOn(new PolicyKey(SubjectType.Workload, @namespace, name));
        foreach (var observed in declarations.Observed.Store.ByIndex(Indexers.Client, Indexers.GetClientKey(@namespace, name)))
        {
            EnqueueClient(observed);
        }
    }

    private void EnqueueDeclarationsOn(PolicyKey server)
    {
        foreach (var intents in declarations.Intents.Store.ByIndex(Indexers.Server, server.ToString()))
        {
            EnqueueClients(intents);
        }
    }

    private void EnqueueClients(ClientIntents? intents)
    {
        foreach (var observed in intents is null ? [] : reader.FindObserved(intents))
        {
            EnqueueClient(observed);
        }
    }

    private void EnqueueClient(ObservedIntents observed)
    {
        foreach (var intents in reader.FindDeclarations(observed))
        {
            queues.Intents.Add(NamespacedName.From(intents));
        }
    }

    // With a single watched namespace, EnforcementPolicies are not reported on.
    private void EnqueuePolicies()
    {
        foreach (var policy in cluster.OnlyNamespace is null ? declarations.Enforcements.Store.List() : [])
        {
            if (policy.Spec.Mode == EnforcementModes.Shadow)
            {
                queues.Enforcements.AddAfter(NamespacedName.From(policy), PolicyDelay);
            }
        }
    }

    // Both were trimmed to what is decided by them. Calls that are kept for their answers of DNS do not count here.
    private static bool SaysTheSame(ObservedIntents old, ObservedIntents now) => old.Since == now.Since
        && old.Calls.Where(ParsedCall.Counts).Select(ToJson).SequenceEqual(
            now.Calls.Where(ParsedCall.Counts).Select(ToJson), StringComparer.Ordinal);

    private static string ToJson(ObservedCall call) => JsonSerializer.Serialize(call, ApiJson.Default.ObservedCall);

    private static bool IsSame(PartialServiceSpec? old, PartialServiceSpec? now) =>
        SelectorEquality.LabelsEqual(old?.Selector, now?.Selector)
        && (old?.Ports ?? []).Select(Text).SequenceEqual((now?.Ports ?? []).Select(Text), StringComparer.Ordinal);

    private static string Text(PartialServicePort port) => $"{port.Name} {port.Port} {port.TargetPort} {port.Protocol}";
}
