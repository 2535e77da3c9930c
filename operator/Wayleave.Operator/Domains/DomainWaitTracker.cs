using System.Collections.Concurrent;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Domains;

/// <summary>
/// Tracks clients with unresolved domains after a start: how long their policies wait, and which addresses stay allowed. Thread-safe.
/// </summary>
internal sealed class DomainWaitTracker(ClusterCache cache, TimeProvider time)
{
    /// <summary>How long a client's policy waits for the first lookups of all its domains together.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<PolicyKey, Wait> _waits = new();

    /// <summary>
    /// The inputs with what stays open, and how much longer the client's policy waits. Null if it does not wait. Both are of one moment: a
    /// clear meanwhile does not end the wait of a reconcile that is in progress.
    /// </summary>
    public (ClientInputs Inputs, TimeSpan? Remaining) Update(ClientInputs inputs, IReadOnlyList<ClientIntents> declarations)
    {
        if (!inputs.HasUnansweredDomains)
        {
            _waits.TryRemove(inputs.Key, out _);
            return (inputs, null);
        }

        var before = _waits.GetValueOrDefault(inputs.Key);
        var wait = Next(inputs, declarations, before);
        _waits[inputs.Key] = wait;
        var remaining = Limit - time.GetElapsedTime(wait.Since);
        return (
            inputs with { PoliciesBeforeLookup = wait.InForce },
            inputs.HasPendingLookups && remaining > TimeSpan.Zero ? remaining : null);
    }

    /// <summary>Clears all waits. Another process may have changed the policies in the meantime.</summary>
    public void Clear() => _waits.Clear();

    private Wait Next(ClientInputs inputs, IReadOnlyList<ClientIntents> declarations, Wait? before)
    {
        var versions = declarations.ToDictionary(
            NamespacedName.From, static intents => ((string?)intents.Metadata.Uid, intents.Metadata.Generation));
        if (before is not null && before.Declarations.Count == versions.Count && before.Declarations.All(versions.Contains))
        {
            return before;
        }

        // A removed target must be closed at once. Its addresses are unknown, so only the addresses in the status are kept.
        var isAnyRemoved = before?.Declarations.Keys.Any(name => !versions.ContainsKey(name)) == true || declarations.Any(HasLostTarget);
        var inForce = isAnyRemoved ? [] : before?.InForce ?? cache.Policies.Store.ByIndex(Indexers.Server, inputs.Key.ToString());
        var isRunning = before is not null && time.GetElapsedTime(before.Since) < Limit;
        return new Wait(isRunning ? before!.Since : time.GetTimestamp(), versions, inForce);
    }

    // The status lists targets by name. A name with several addresses does not identify the one in force.
    private static bool HasLostTarget(ClientIntents intents)
    {
        if (intents.Status?.Targets is not { } listed || intents.Status.ObservedGeneration == intents.Metadata.Generation)
        {
            return false;
        }

        var declared = intents.Parse().Targets.Select(target => (target.Type, target.Name)).ToHashSet();
        return listed.Exists(
            target => !declared.Contains((target.Type, target.Name)) || target.Name.Contains(' ', StringComparison.Ordinal));
    }

    /// <param name="Since">When it began, as a timestamp.</param>
    /// <param name="Declarations">What was declared then, by name: the uid and generation of each.</param>
    /// <param name="InForce">The client's policies when it began.</param>
    private sealed record Wait(
        long Since,
        IReadOnlyDictionary<NamespacedName, (string? Uid, long? Generation)> Declarations,
        IReadOnlyList<V1NetworkPolicy> InForce);
}
