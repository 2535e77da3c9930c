namespace Wayleave.Kubernetes.Queue;

/// <summary>
/// Keys that become due later: one timer for all of them. A key that waits already keeps the earlier of the two times. Measured in elapsed
/// time, so that a wall clock that is set back holds nothing up.
/// </summary>
internal sealed class DelayedAdds<TKey> : IDisposable
    where TKey : notnull
{
    // What a timer can be set to at most is 49 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<TKey, TimeSpan> _order = new();
    private readonly Dictionary<TKey, TimeSpan> _due = [];
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Action<TKey> _add;
    private readonly ITimer _timer;

    public DelayedAdds(TimeProvider time, Action<TKey> add)
    {
        _time = time;
        _started = time.GetTimestamp();
        _add = add;
        _timer = time.CreateTimer(static state => ((DelayedAdds<TKey>)state!).Release(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    public void Add(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            _add(key);
            return;
        }

        lock (_lock)
        {
            var due = Now + delay;
            if (_due.TryGetValue(key, out var earlier) && earlier <= due)
            {
                return;
            }

            _due[key] = due;
            _order.Enqueue(key, due);
            Rearm();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Release()
    {
        lock (_lock)
        {
            var now = Now;
            while (_order.TryPeek(out var key, out var due) && due <= now)
            {
                _order.Dequeue();

                // An entry that an earlier one replaced is stale.
                if (_due.TryGetValue(key, out var current) && current == due)
                {
                    _due.Remove(key);
                    _add(key);
                }
            }

            Rearm();
        }
    }

    private void Rearm()
    {
        if (_order.TryPeek(out _, out var due))
        {
            var wait = due - Now;
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
        }
    }
}
