namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Spaces out writes that undo what another writer did, object by object, so that two writers never loop. The first such write goes out at
/// once, each further one after a delay that doubles. An object that was left alone for a while starts again. Safe for any number of threads.
/// </summary>
internal sealed class WriteBackoff<TKey>(TimeProvider time)
    where TKey : notnull
{
    /// <summary>From this many writes on, the object counts as contested.</summary>
    public const int ContestedFrom = 8;

    /// <summary>The longest delay.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _shortestCalm = TimeSpan.FromMinutes(1);

    private readonly RecentMap<TKey, State> _states = new(Longest * 2, time);

    /// <summary>How long the next write has to wait; zero when it may go out now.</summary>
    public TimeSpan Remaining(TKey key) => Find(key) is { } state ? Positive(state.Delay - time.GetElapsedTime(state.WrittenAt)) : TimeSpan.Zero;

    /// <summary>A write undid what another writer did.</summary>
    /// <returns>Whether it was not the first in a short time.</returns>
    public bool Record(TKey key)
    {
        var count = (Find(key)?.Count ?? 0) + 1;
        var delay = Math.Min(_shortest.TotalMilliseconds * Math.Pow(2, Math.Min(count - 1, 30)), Longest.TotalMilliseconds);
        _states.Put(key, new State(count, TimeSpan.FromMilliseconds(delay), time.GetTimestamp()));
        return count > 1;
    }

    /// <summary>Whether another writer keeps changing the object: how long until it no longer counts as contested, or null.</summary>
    public TimeSpan? ContestedFor(TKey key) =>
        Find(key) is { Count: >= ContestedFrom } state ? Positive(Calm(state) - time.GetElapsedTime(state.WrittenAt)) : null;

    public void Clear() => _states.Clear();

    private State? Find(TKey key) =>
        _states.TryGet(key, out var state) && time.GetElapsedTime(state!.WrittenAt) < Calm(state) ? state : null;

    // Without a write for as long as this, the other writer has given up.
    private static TimeSpan Calm(State state) => state.Delay * 2 > _shortestCalm ? state.Delay * 2 : _shortestCalm;

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    private sealed record State(int Count, TimeSpan Delay, long WrittenAt);
}
