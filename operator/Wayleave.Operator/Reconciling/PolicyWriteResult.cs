using System.Runtime.ExceptionServices;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Controllers;

namespace Wayleave.Operator.Reconciling;

/// <summary>The result of writing the policies of one subject.</summary>
internal sealed class PolicyWriteResult
{
    private readonly Dictionary<string, TargetResult> _refusals = new(StringComparer.Ordinal);
    private readonly List<WrittenPolicy> _policies = [];
    private ExceptionDispatchInfo? _failure;
    private ExceptionDispatchInfo? _interruption;
    private TimeSpan? _lookAgain;

    /// <summary>The policies that are in the cluster as they should be, and in which version.</summary>
    public IReadOnlyList<WrittenPolicy> Policies => _policies;

    /// <summary>Which installations have policies about the subject.</summary>
    public OwningInstallations Owners { get; set; } = OwningInstallations.None;

    /// <summary>The API server is unreachable. Further writes are skipped.</summary>
    public bool IsUnreachable { get; private set; }

    /// <summary>The result on everything that depends on a policy that could not be written; null when it could.</summary>
    public TargetResult? FindRejection(string? policyName) => policyName is null ? null : _refusals.GetValueOrDefault(policyName);

    /// <summary>The policy is as it should be.</summary>
    public void MarkUpToDate(string policyName, string? resourceVersion) => _policies.Add(new WrittenPolicy(policyName, resourceVersion ?? ""));

    /// <summary>A retry cannot help.</summary>
    public void AddRejection(string policyName, TargetResult result) => _refusals[policyName] = result;

    /// <summary>The refusal does not hold any more.</summary>
    public void RemoveRejection(string policyName) => _refusals.Remove(policyName);

    /// <summary>The write failed and is retried.</summary>
    public void Failed(string policyName, TargetResult result, Exception error)
    {
        _refusals[policyName] = result;
        _failure ??= ExceptionDispatchInfo.Capture(error);
    }

    /// <summary>The API server is unreachable. Further writes are skipped.</summary>
    public void Unreachable(string policyName, TargetResult result, Exception error)
    {
        Failed(policyName, result, error);
        IsUnreachable = true;
    }

    /// <summary>The object changed in the meantime. The key is reconciled again at once; there is nothing to report until then.</summary>
    public void MarkConflict(Exception error) => _interruption ??= ExceptionDispatchInfo.Capture(error);

    /// <summary>Requeue the key after this time.</summary>
    public void RequeueAfter(TimeSpan after) => _lookAgain = _lookAgain < after ? _lookAgain : after;

    /// <summary>Lets the controller try again at once where something changed meanwhile.</summary>
    public void ThrowIfConflict() => _interruption?.Throw();

    /// <summary>Throws the first failure, so that the controller retries. Otherwise returns the requeue delay.</summary>
    public ReconciliationResult ToResult()
    {
        _failure?.Throw();
        return _lookAgain is { } after ? ReconciliationResult.RequeueAfter(after) : ReconciliationResult.Done;
    }
}

/// <summary>
/// A policy that was as it should be at the last look. One that has another version since, or is gone, was changed by someone else.
/// </summary>
internal readonly record struct WrittenPolicy(string Name, string ResourceVersion);

/// <summary>
/// Backs off from writes that undo another writer, per object, so that two writers never loop. The first write is immediate; the delay of
/// further ones doubles. It resets after a while without a conflict. Thread-safe.
/// </summary>
internal sealed class WriteBackoff<TKey>(TimeProvider time)
    where TKey : notnull
{
    /// <summary>From this many writes on, the object counts as contested.</summary>
    public const int ContestedThreshold = 8;

    /// <summary>The longest delay.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _shortestCalm = TimeSpan.FromMinutes(1);

    private readonly ExpiringCache<TKey, State> _states = new(MaxDelay * 2, time);

    /// <summary>How long the next write has to wait; zero when it may go out now.</summary>
    public TimeSpan Remaining(TKey key) =>
        Find(key) is { } state ? Positive(state.Delay - time.GetElapsedTime(state.WrittenAt)) : TimeSpan.Zero;

    /// <summary>A write undid what another writer did.</summary>
    /// <returns>Whether it was not the first in a short time.</returns>
    public bool Record(TKey key)
    {
        var count = (Find(key)?.Count ?? 0) + 1;
        var delay = Math.Min(_shortest.TotalMilliseconds * Math.Pow(2, Math.Min(count - 1, 30)), MaxDelay.TotalMilliseconds);
        _states.Set(key, new State(count, TimeSpan.FromMilliseconds(delay), time.GetTimestamp()));
        return count > 1;
    }

    /// <summary>Whether another writer keeps changing the object: how long until it no longer counts as contested, or null.</summary>
    public TimeSpan? GetRemainingContention(TKey key) =>
        Find(key) is { Count: >= ContestedThreshold } state ? Positive(Calm(state) - time.GetElapsedTime(state.WrittenAt)) : null;

    public void Clear() => _states.Clear();

    private State? Find(TKey key) =>
        _states.TryGet(key, out var state) && time.GetElapsedTime(state!.WrittenAt) < Calm(state) ? state : null;

    // Without a write for as long as this, the other writer has given up.
    private static TimeSpan Calm(State state) => state.Delay * 2 > _shortestCalm ? state.Delay * 2 : _shortestCalm;

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    private sealed record State(int Count, TimeSpan Delay, long WrittenAt);
}
