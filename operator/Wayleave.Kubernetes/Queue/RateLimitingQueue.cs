namespace Wayleave.Kubernetes.Queue;

/// <summary>
/// A <see cref="WorkQueue{TKey}"/> with delayed adds and exponential backoff per key. Reports its depth as <c>workqueue_depth</c> until it
/// is disposed. Thread-safe.
/// </summary>
public sealed class RateLimitingQueue<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Lock _pausing = new();
    private readonly WorkQueue<TKey> _queue;
    private readonly DelayingQueue<TKey> _delayed;
    private readonly KeyBackoff<TKey> _failures;
    private readonly KubernetesMetrics _metrics;
    private readonly IDisposable _depth;
    private readonly string _name;
    private bool _isPaused;

    public RateLimitingQueue(string name, KubernetesMetrics metrics, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _name = name;
        _metrics = metrics;
        _queue = new WorkQueue<TKey>(name, metrics);
        _delayed = new DelayingQueue<TKey>(time, _queue.Add);
        _failures = new KeyBackoff<TKey>(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        _depth = metrics.TrackDepth(name, () => IsPaused ? 0 : _queue.Count);
    }

    /// <inheritdoc cref="WorkQueue{TKey}.Count"/>
    public int Count => _queue.Count;

    /// <inheritdoc cref="WorkQueue{TKey}.IsIdle"/>
    public bool IsIdle => _queue.IsIdle;

    /// <summary>Whether new keys are ignored.</summary>
    public bool IsPaused
    {
        get
        {
            lock (_pausing)
            {
                return _isPaused;
            }
        }
    }

    /// <summary>
    /// Ignores new keys and reports a depth of 0, because no worker runs. Keys that are already queued or delayed stay for the next worker.
    /// </summary>
    public void Pause() => SetPaused(true);

    /// <summary>Accepts keys again. Enqueue all keys after this call, because changes were ignored in between.</summary>
    public void Resume() => SetPaused(false);

    public void Add(TKey key)
    {
        lock (_pausing)
        {
            if (!_isPaused)
            {
                _queue.Add(key);
            }
        }
    }

    public void AddAfter(TKey key, TimeSpan delay)
    {
        if (!IsPaused)
        {
            _delayed.Add(key, delay);
        }
    }

    /// <summary>Adds the key after a delay that doubles with each call, from 10 ms to one minute, until <see cref="Forget"/>.</summary>
    public void AddRateLimited(TKey key)
    {
        _metrics.Retried(_name);
        _delayed.Add(key, _failures.Next(key));
    }

    /// <summary>Resets the backoff of a key after success.</summary>
    public void Forget(TKey key) => _failures.Forget(key);

    /// <summary>The number of failures since the last <see cref="Forget"/>.</summary>
    public int NumRequeues(TKey key) => _failures.Count(key);

    public ValueTask<TKey> GetAsync(CancellationToken cancellationToken) => _queue.GetAsync(cancellationToken);

    public void Done(TKey key) => _queue.Done(key);

    public void Dispose()
    {
        _depth.Dispose();
        _delayed.Dispose();
    }

    private void SetPaused(bool isPaused)
    {
        lock (_pausing)
        {
            _isPaused = isPaused;
        }
    }
}
