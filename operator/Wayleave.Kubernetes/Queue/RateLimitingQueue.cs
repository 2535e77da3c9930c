namespace Wayleave.Kubernetes.Queue;

/// <summary>
/// A <see cref="WorkQueue{TKey}"/> with delayed adds and a per-key exponential delay after failures. Its depth is reported as
/// <c>workqueue_depth</c> until it is disposed.
/// </summary>
public sealed class RateLimitingQueue<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Lock _pausing = new();
    private readonly WorkQueue<TKey> _queue;
    private readonly DelayedAdds<TKey> _delayed;
    private readonly Backoff<TKey> _failures;
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
        _delayed = new DelayedAdds<TKey>(time, _queue.Add);
        _failures = new Backoff<TKey>(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
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
    /// Ignores new keys from now on, and reports a depth of 0: no worker is meant to run. Keys that are in the queue already, or that are
    /// due later, stay for the next worker.
    /// </summary>
    public void Pause() => SetPaused(true);

    /// <summary>
    /// Accepts keys again. Enqueue everything after this call: a change that was ignored is in the caches by now.
    /// </summary>
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

    /// <summary>Adds after a delay that doubles with every call until <see cref="Forget"/>: 10 ms to one minute.</summary>
    public void AddRateLimited(TKey key)
    {
        _metrics.Retried(_name);
        _delayed.Add(key, _failures.Next(key));
    }

    /// <summary>The key succeeded: its next failure starts with the shortest delay.</summary>
    public void Forget(TKey key) => _failures.Forget(key);

    /// <summary>How often the key failed since it was last forgotten.</summary>
    public int NumRequeues(TKey key) => _failures.Count(key);

    public ValueTask<TKey> TakeAsync(CancellationToken cancellationToken) => _queue.TakeAsync(cancellationToken);

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
