using k8s.Models;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Operator.Caching;

namespace Wayleave.Cli.Planning;

/// <summary>What the operator would do in a cluster: the plan of each server and client, by its own planners.</summary>
internal sealed class PolicyForecast(ClusterSnapshot snapshot)
{
    private readonly Dictionary<PolicyKey, PolicyPlan> _plans = [];

    public ClusterSnapshot Snapshot => snapshot;

    /// <summary>Domains whose addresses the operator looks up, and that are not known here.</summary>
    public HashSet<string> UnknownDomains { get; } = new(StringComparer.Ordinal);

    /// <summary>Wildcards that allow nothing yet, because the network mapper has seen no answer to the client's Pods for them.</summary>
    public HashSet<string> WaitingWildcards { get; } = new(StringComparer.Ordinal);

    /// <summary>Wildcards that the operator does not support, because it does not read the map of the network mapper.</summary>
    public HashSet<string> UnsupportedWildcards { get; } = new(StringComparer.Ordinal);

    /// <summary>The plan of a server or client.</summary>
    public PolicyPlan PlanOf(PolicyKey key) => _plans.GetValueOrDefault(key)
        ?? (_plans[key] = key.Type == SubjectType.Client ? PlanClient(key) : IngressPlanner.Plan(snapshot.Servers.Read(key)));

    /// <summary>The servers and clients that declarations or existing policies are about, in order.</summary>
    public IReadOnlyList<PolicyKey> Keys()
    {
        var cache = snapshot.Cache;
        IEnumerable<PolicyKey?> keys =
        [
            .. cache.Intents.Store.List().Select(intents => intents.Parse())
                .Where(parsed => ClusterSelectionMatcher.IncludesLocal(parsed.Clusters))
                .SelectMany(parsed => parsed.Servers.Select(server => (PolicyKey?)server).Append(parsed.ClientKey)),
            .. cache.Protections.Store.List().Select(protection => protection.Parse())
                .Where(parsed => ClusterSelectionMatcher.IncludesLocal(parsed.Clusters))
                .Select(parsed => parsed.Server),
            .. cache.Policies.Store.List().Where(PolicyMetadataReader.IsWrittenByWayleave).Select(PolicyMetadataReader.ReadKey),
        ];
        return
        [
            .. keys.OfType<PolicyKey>().Distinct()
                .OrderBy(key => key.Namespace, StringComparer.Ordinal)
                .ThenBy(key => key.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>What the operator would change now.</summary>
    public IReadOnlyList<PolicyChange> Changes() => [.. Keys().SelectMany(ChangesOf)];

    /// <summary>What it would change about one server or client, in the order of its writes.</summary>
    public IEnumerable<PolicyChange> ChangesOf(PolicyKey key)
    {
        var (owner, store, plan) = (snapshot.Cache.Owner, snapshot.Cache.Policies.Store, PlanOf(key));
        List<V1NetworkPolicy> kept = [.. plan.Desired, .. plan.Retained.Where(held => store.Get(NamespacedName.From(held)) is not null)];
        foreach (var desired in kept)
        {
            var existing = store.Get(NamespacedName.From(desired));
            yield return new PolicyChange(owner.GetAction(existing, desired), existing, owner.WithMark(desired));
        }

        foreach (var existing in store.ByIndex(Indexers.Server, key.ToString()))
        {
            if (owner.IsOurs(existing) && !kept.Exists(policy => policy.Metadata.Name == existing.Metadata.Name))
            {
                yield return new PolicyChange(PolicyAction.Delete, existing, Desired: null);
            }
        }
    }

    private PolicyPlan PlanClient(PolicyKey key)
    {
        var declarations = snapshot.Clients.Declarations(key);
        var inputs = snapshot.Waits.Update(snapshot.Clients.Read(key, declarations), declarations).Inputs;
        if (inputs.Settings.RestrictsEgress)
        {
            RememberDomains(inputs);
        }

        return EgressPlanner.Plan(inputs);
    }

    private void RememberDomains(ClientInputs inputs)
    {
        foreach (var answer in inputs.Targets.SelectMany(target => (target.Destination as Destination.ToInternet)?.Answers ?? []))
        {
            var set = answer switch
            {
                { IsKnown: false } when !DomainPattern.IsWildcard(answer.Domain) => UnknownDomains,
                { Seen: null } when DomainPattern.IsWildcard(answer.Domain) => UnsupportedWildcards,
                { Addresses.Count: 0, Seen: not SeenState.Unread } when DomainPattern.IsWildcard(answer.Domain) => WaitingWildcards,
                _ => null,
            };
            set?.Add(answer.Domain);
        }
    }
}

/// <param name="Existing">Null if it is created.</param>
/// <param name="Desired">Null if it is deleted.</param>
internal sealed record PolicyChange(PolicyAction Action, V1NetworkPolicy? Existing, V1NetworkPolicy? Desired)
{
    public NamespacedName Name => NamespacedName.From((Desired ?? Existing)!);

    /// <summary>The policy that is in the cluster afterwards, as far as the operator may change it. Null for none.</summary>
    public V1NetworkPolicy? After => Action == PolicyAction.Refuse ? null : Desired;
}
