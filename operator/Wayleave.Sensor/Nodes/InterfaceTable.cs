namespace Wayleave.Sensor.Nodes;

/// <summary>
/// Learns which interfaces belong to one Pod, which are shared by several (a bridge), and which lead to other nodes. Not thread-safe.
/// </summary>
internal sealed class InterfaceTable
{
    private const int MaxInterfaces = 4096;
    private const int MissesOfRemote = 2;
    private const long ForgetMissesAfterMs = 60_000;

    private readonly Dictionary<int, State> _states = [];

    /// <summary>Whether packets of several Pods pass here, after or before the interface of their own.</summary>
    public bool IsShared(int index) => _states.TryGetValue(index, out var state) && state.IsShared;

    /// <summary>Whether the clients that are seen here are not on this node.</summary>
    public bool IsRemote(int index, long nowMs) =>
        _states.TryGetValue(index, out var state)
        && state.Misses >= MissesOfRemote && nowMs - state.MissedMs < ForgetMissesAfterMs;

    public void MarkShared(int index) => Set(index, Get(index) with { IsShared = true });

    /// <summary>A client that was seen here was found on this node.</summary>
    public void RecordHit(int index) => Set(index, Get(index) with { Misses = 0 });

    /// <summary>A client that was seen here was not found on this node.</summary>
    public void RecordMiss(int index, long nowMs)
    {
        var state = Get(index);
        var misses = nowMs - state.MissedMs < ForgetMissesAfterMs ? state.Misses : 0;
        Set(index, state with { Misses = misses + 1, MissedMs = nowMs });
    }

    private State Get(int index) => _states.GetValueOrDefault(index);

    private void Set(int index, State state)
    {
        // Interfaces come and go with Pods, and their numbers are not used again: what was learned is learned again.
        if (_states.Count >= MaxInterfaces && !_states.ContainsKey(index))
        {
            _states.Clear();
        }

        _states[index] = state;
    }

    private readonly record struct State(bool IsShared, int Misses, long MissedMs);
}
