namespace Wayleave.Kubernetes.Queue;

/// <summary>Keys that become due later: one timer for all of them. A key that waits already keeps the earlier of the two times.</summary>
internal sealed class DelayedAdds<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TKey, DateTimeOffset> _order = new();
    private readonly Dictionary<TKey, DateTimeOffset> _due = [];
    private readonly TimeProvider _time;
    private readonly Action<TKey> _add;
    private readonly ITimer _timer;

    public DelayedAdds(TimeProvider time, Action<TKey> add)
    {
        _time = time;
        _add = add;
        _timer = time.CreateTimer(static state => ((DelayedAdds<TKey>)state!).Release(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            _add(key);
            return;
        }

        lock (_lock)
        {
            var due = _time.GetUtcNow() + delay;
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
            var now = _time.GetUtcNow();
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
            var wait = due - _time.GetUtcNow();
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
