using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Reconciling;

/// <summary>Gathers from the caches all that a decision about one server depends on. Makes no API request.</summary>
internal sealed class ServerInputsReader(ClusterCache cache, GovernanceCache governance)
{
    public ServerInputs Read(SubjectKey key)
    {
        var isWorkload = key.Type == SubjectType.Workload;
        var rule = governance.RuleOf(key.Namespace);
        var service = isWorkload ? null : cache.Services.Store.Get(new NamespacedName(key.Namespace, key.Name));
        return new ServerInputs
        {
            Key = key,
            Calls = Calls(key),
            Protections = isWorkload ? cache.Protections.Store.ByIndex(IndexNames.Server, key.ToString()) : ProtectionsBehind(service, isCertain: true),
            PossibleProtections = ProtectionsBehind(service, isCertain: false),
            Candidates = isWorkload ? cache.Workloads.FindWithOverlaps(key.Namespace, key.Name) : [],
            Service = service,
            NamespaceExists = Namespace(key.Namespace) is { } @namespace && @namespace.Metadata.DeletionTimestamp is null,
            IsWatched = cache.Watches(key.Namespace),
            Mode = rule.Mode,
            AllowedFrom = rule.From,
        };
    }

    private List<DeclaredCall> Calls(SubjectKey key)
    {
        var calls = new List<DeclaredCall>();
        foreach (var intents in cache.Intents.Store.ByIndex(IndexNames.Server, key.ToString()))
        {
            var clientNamespace = intents.Metadata.NamespaceProperty ?? "";
            if (DeclaredClient.Reference(intents) is not { } reference)
            {
                continue;
            }

            var client = WorkloadResolver.Resolve(reference.Kind, cache.Workloads.FindWithOverlaps(clientNamespace, reference.Name));
            var state = NamespaceStates.Of(Namespace(clientNamespace));
            calls.AddRange(DeclaredTargets.To(intents, key)
                .Select(target => new DeclaredCall(intents, target.Index, target.Reference!, client, state)));
        }

        return calls;
    }

    private List<ProtectedService> ProtectionsBehind(V1Service? service, bool isCertain) =>
        service?.Spec?.Selector is { Count: > 0 } selector
            ? cache.Protections.Store.ByIndex(IndexNames.Namespace, service.Metadata.NamespaceProperty ?? "").Where(protection => IsBehind(protection, selector, isCertain)).ToList()
            : [];

    private bool IsBehind(ProtectedService protection, Dictionary<string, string> selector, bool isCertain)
    {
        if (DeclaredProtection.Reference(protection) is not { } reference)
        {
            return false;
        }

        var candidates = cache.Workloads.Find(reference.Namespace, reference.Name);
        return WorkloadResolver.Resolve(reference.Kind, candidates) switch
        {
            WorkloadResolution.Found found => isCertain && SelectorEquality.Includes(found.Workload.PodLabels, selector),
            WorkloadResolution.Ambiguous => !isCertain && candidates.Any(candidate =>
                !candidate.Owned && !candidate.SelectsEverything && SelectorEquality.Includes(candidate.PodLabels, selector)),
            _ => false,
        };
    }

    private V1Namespace? Namespace(string name) => cache.Namespaces.Store.Get(new NamespacedName("", name));
}
