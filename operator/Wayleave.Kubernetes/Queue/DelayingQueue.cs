namespace Wayleave.Kubernetes.Queue;

/// <summary>
/// Enqueues keys after a delay, with one timer for all of them. A key that is already waiting keeps the earlier of the two times. Uses
/// monotonic time, so that setting the wall clock back delays nothing. Thread-safe.
/// </summary>
internal sealed class DelayingQueue<TKey> : IDisposable
    where TKey : notnull
{
    // A timer cannot wait longer than 49 days.
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<TKey, TimeSpan> _order = new();
    private readonly Dictionary<TKey, TimeSpan> _due = [];
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Action<TKey> _add;
    private readonly ITimer _timer;

    public DelayingQueue(TimeProvider time, Action<TKey> add)
    {
        _time = time;
        _started = time.GetTimestamp();
        _add = add;
        _timer = time.CreateTimer(
            static state => ((DelayingQueue<TKey>)state!).Release(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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

                // Skip an entry that was replaced by an earlier one.
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
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < MaxWait ? wait : MaxWait, Timeout.InfiniteTimeSpan);
        }
    }
}
