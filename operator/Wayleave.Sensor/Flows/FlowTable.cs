using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Wayleave.Ingest.V1;
using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Nodes;

namespace Wayleave.Sensor.Flows;

internal enum Outcome : byte
{
    None,
    Connected,
    Refused,
    Unanswered,
}

/// <param name="Caller">The client.</param>
/// <param name="Called">As the client called it.</param>
/// <param name="Backend">What was behind it. Empty if it was not seen.</param>
/// <param name="Source">How it was seen.</param>
internal readonly record struct FlowKey(Caller Caller, Destination Called, Destination Backend, Source Source);

/// <summary>
/// The flows that the sensor remembers, and which of them the mapper does not know. Calls of a flow are merged in place. Thread-safe.
/// </summary>
internal sealed class FlowTable
{
    public const int MaxFlows = 20_000;

    /// <summary>The most flows of one caller, so that one that scans ports does not take all the room.</summary>
    public const int MaxFlowsOfCaller = 4_000;

    private const int MinCapacity = 256;
    private const long RepeatAfterMs = 3_600_000;

    private readonly Lock _lock = new();

    private readonly Dictionary<FlowKey, FlowState> _flows = [];
    private readonly Dictionary<Caller, int> _flowsOfCaller = [];
    private long _merged;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _flows.Count;
            }
        }
    }

    public void Record(in FlowKey key, Outcome outcome, long startMs)
    {
        lock (_lock)
        {
            ref var state = ref FindOrAdd(key);
            if (Unsafe.IsNullRef(ref state))
            {
                _merged++;
                return;
            }

            state.FirstMs = state.HasCalls ? Math.Min(state.FirstMs, startMs) : startMs;
            state.LastMs = Math.Max(state.LastMs, startMs);
            state.Outcome = outcome;
            _ = outcome switch
            {
                Outcome.Connected => state.Connected++,
                Outcome.Refused => state.Refused++,
                _ => state.Unanswered++,
            };
        }
    }

    /// <summary>Counts a call for which there was no room.</summary>
    public void CountMerged() => Interlocked.Increment(ref _merged);

    /// <summary>How many calls there was no room for, since the last call.</summary>
    public long TakeMerged() => Interlocked.Exchange(ref _merged, 0);

    /// <summary>Marks everything that is remembered as unknown to the mapper.</summary>
    public void MarkAllDue()
    {
        lock (_lock)
        {
            foreach (var key in _flows.Keys)
            {
                CollectionsMarshal.GetValueRefOrNullRef(_flows, key).MustRepeat = true;
            }
        }
    }

    /// <summary>
    /// Passes on the flows that the mapper does not know, and marks them as reported. Forgets those that were reported and have not been
    /// seen for an hour.
    /// </summary>
    /// <param name="add">Called for each. Must not call this object.</param>
    /// <returns>True if there are more.</returns>
    public bool Collect(long nowMs, int limit, Action<FlowKey, FlowState> add)
    {
        lock (_lock)
        {
            var count = 0;
            foreach (var key in _flows.Keys)
            {
                ref var state = ref CollectionsMarshal.GetValueRefOrNullRef(_flows, key);
                if (!state.IsDue(nowMs))
                {
                    if (!state.HasCalls && nowMs - state.LastMs >= RepeatAfterMs)
                    {
                        Remove(key);
                    }

                    continue;
                }

                if (count++ == limit)
                {
                    return true;
                }

                add(key, state);
                state.MarkReported(nowMs);
            }

            return false;
        }
    }

    // A null reference if there is no room.
    private ref FlowState FindOrAdd(in FlowKey key)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_flows, key);
        if (!Unsafe.IsNullRef(ref known))
        {
            return ref known;
        }

        ref var ofCaller = ref CollectionsMarshal.GetValueRefOrAddDefault(_flowsOfCaller, key.Caller, out _);
        if (_flows.Count >= MaxFlows || ofCaller >= MaxFlowsOfCaller)
        {
            return ref Unsafe.NullRef<FlowState>();
        }

        // By itself it would double beyond what it may hold.
        if (_flows.Count == _flows.Capacity)
        {
            _flows.EnsureCapacity(Math.Clamp(_flows.Count * 2, MinCapacity, MaxFlows));
        }

        ofCaller++;
        return ref CollectionsMarshal.GetValueRefOrAddDefault(_flows, key, out _);
    }

    private void Remove(in FlowKey key)
    {
        _flows.Remove(key);
        if (--CollectionsMarshal.GetValueRefOrNullRef(_flowsOfCaller, key.Caller) == 0)
        {
            _flowsOfCaller.Remove(key.Caller);
        }
    }

    /// <summary>The calls of a flow since it was reported, and what was reported.</summary>
    internal struct FlowState
    {
        public int Connected;
        public int Refused;
        public int Unanswered;
        public long FirstMs;
        public long LastMs;
        public Outcome Outcome;
        public bool MustRepeat;
        private Outcome _reported;
        private long _reportedMs;

        public readonly bool HasCalls => Connected + Refused + Unanswered > 0;

        public readonly bool IsDue(long nowMs) =>
            MustRepeat || Outcome != _reported || (HasCalls && nowMs - _reportedMs >= RepeatAfterMs);

        public void MarkReported(long nowMs)
        {
            (Connected, Refused, Unanswered) = (0, 0, 0);
            MustRepeat = false;
            _reported = Outcome;
            _reportedMs = nowMs;
        }
    }
}
