using System.Collections.Concurrent;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;

namespace Wayleave.Operator.Reconciling;

/// <summary>The results of reconciling one policy key. Immutable after <see cref="ResultStore.Publish"/>.</summary>
internal sealed class PolicyResults
{
    private static readonly Dictionary<NamespacedName, Judged<ProtectionResult>> _none = [];
    private Dictionary<NamespacedName, Judged<ProtectionResult>>? _protections;

    public static PolicyResults None { get; } = new();

    public Dictionary<NamespacedName, Judged<IntentResult>> Calls { get; } = [];

    // Most subjects have none.
    public IReadOnlyDictionary<NamespacedName, Judged<ProtectionResult>> Protections => _protections ?? _none;

    /// <summary>The number of policies that would exist if Shadow were Enforce.</summary>
    public int ShadowedPolicies { get; init; }

    /// <summary>The policies that were up to date.</summary>
    public IReadOnlyList<WrittenPolicy> Policies { get; init; } = [];

    /// <summary>Which installations have policies about the subject.</summary>
    public OwningInstallations Owners { get; init; }

    public void Add(NamespacedName protection, Judged<ProtectionResult> judged) => (_protections ??= [])[protection] = judged;

    public bool IsEmpty => Calls.Count == 0 && Protections.Count == 0;
}

/// <summary>
/// The results of the policy reconciler, for the reconcilers that write statuses. In memory only: after a restart, everything is reconciled
/// again. Thread-safe.
/// </summary>
internal sealed class ResultStore
{
    private readonly ConcurrentDictionary<PolicyKey, PolicyResults> _subjects = new();

    /// <summary>The number of policies that would exist if Shadow were Enforce.</summary>
    public int ShadowedPolicies => _subjects.Values.Sum(results => results.ShadowedPolicies);

    public PolicyResults Get(PolicyKey subject) => _subjects.GetValueOrDefault(subject, PolicyResults.None);

    /// <summary>Replaces the results of a key. Returns the objects whose results changed.</summary>
    public ChangedResults Publish(PolicyKey subject, PolicyResults results)
    {
        var before = Get(subject);
        if (results.IsEmpty)
        {
            _subjects.TryRemove(subject, out _);
        }
        else
        {
            _subjects[subject] = results;
        }

        // The owner of the policies writes the status.
        var isMoved = before.Owners != results.Owners;
        return new ChangedResults(
            ChangedNames(before.Calls, results.Calls, isMoved), ChangedNames(before.Protections, results.Protections, isMoved));
    }

    /// <summary>
    /// Clears the results of an earlier leader term, which may be outdated.
    /// </summary>
    public void Clear() => _subjects.Clear();

    private static List<NamespacedName> ChangedNames<TResult>(
        IReadOnlyDictionary<NamespacedName, Judged<TResult>> before, IReadOnlyDictionary<NamespacedName, Judged<TResult>> now, bool areAll)
    {
        var changed = new List<NamespacedName>();
        foreach (var (name, judged) in now)
        {
            if (areAll || !judged.HasSameResults(before.GetValueOrDefault(name)))
            {
                changed.Add(name);
            }
        }

        changed.AddRange(before.Keys.Where(name => !now.ContainsKey(name)));
        return changed;
    }
}

/// <summary>Stores results, and enqueues the declarations whose results changed for their status.</summary>
internal sealed class ResultPublisher(ResultStore results, StatusQueues queues)
{
    public PolicyResults Get(PolicyKey key) => results.Get(key);

    public void Publish(PolicyKey key, PolicyResults now)
    {
        var changed = results.Publish(key, now);
        foreach (NamespacedName intents in changed.Intents)
        {
            queues.Intents.Add(intents);
        }

        foreach (NamespacedName protection in changed.Protections)
        {
            queues.Protections.Add(protection);
        }
    }
}

/// <summary>The declarations whose results were changed, added or removed.</summary>
internal sealed record ChangedResults(IReadOnlyList<NamespacedName> Intents, IReadOnlyList<NamespacedName> Protections);

/// <summary>Which installations of Wayleave have policies about a subject.</summary>
/// <param name="IsOwn">Whether this one has.</param>
/// <param name="Other">The mark of another one that has, the first in order; null if none has.</param>
internal readonly record struct OwningInstallations(bool IsOwn, string? Other)
{
    public static OwningInstallations None { get; } = new(IsOwn: false, Other: null);

    /// <summary>The installations of both. The first mark in order wins.</summary>
    public OwningInstallations With(OwningInstallations more) => new(
        IsOwn || more.IsOwn,
        Other is null || string.CompareOrdinal(more.Other ?? Other, Other) < 0 ? more.Other : Other);
}

/// <summary>The results for one object, with the UID and generation that they are about.</summary>
internal sealed record Judged<TResult>(string Uid, long Generation, List<TResult> Results)
{
    /// <summary>Whether the results are equal.</summary>
    public bool HasSameResults(Judged<TResult>? other) =>
        other is not null && Uid == other.Uid && Generation == other.Generation && Results.SequenceEqual(other.Results);
}
