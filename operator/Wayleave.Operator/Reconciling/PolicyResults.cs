using System.Collections.Concurrent;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Queue;

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
internal sealed class ResultStore(StatusQueues queues)
{
    private readonly ConcurrentDictionary<PolicyKey, PolicyResults> _subjects = new();

    /// <summary>The number of policies that would exist if Shadow were Enforce.</summary>
    public int ShadowedPolicies => _subjects.Values.Sum(results => results.ShadowedPolicies);

    public PolicyResults Get(PolicyKey subject) => _subjects.GetValueOrDefault(subject, PolicyResults.None);

    /// <summary>Replaces the results of a key, and enqueues the declarations whose results changed.</summary>
    public void Publish(PolicyKey subject, PolicyResults results)
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
        EnqueueChanged(queues.Intents, before.Calls, results.Calls, isMoved);
        EnqueueChanged(queues.Protections, before.Protections, results.Protections, isMoved);
    }

    /// <summary>
    /// Clears the results of an earlier leader term, which may be outdated.
    /// </summary>
    public void Clear() => _subjects.Clear();

    private static void EnqueueChanged<TResult>(
        RateLimitingQueue<NamespacedName> queue, IReadOnlyDictionary<NamespacedName, Judged<TResult>> before,
        IReadOnlyDictionary<NamespacedName, Judged<TResult>> now, bool areAll)
    {
        foreach (var (name, judged) in now)
        {
            if (areAll || !judged.HasSameResults(before.GetValueOrDefault(name)))
            {
                queue.Add(name);
            }
        }

        foreach (var name in before.Keys.Where(name => !now.ContainsKey(name)))
        {
            queue.Add(name);
        }
    }
}

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
