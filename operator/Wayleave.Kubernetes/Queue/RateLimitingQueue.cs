namespace Wayleave.Kubernetes.Queue;

/// <summary>A <see cref="WorkQueue{TKey}"/> with delayed adds and a per-key exponential delay after failures.</summary>
public sealed class RateLimitingQueue<TKey> : IDisposable
    where TKey : notnull
{
    private readonly WorkQueue<TKey> _queue;
    private readonly DelayedAdds<TKey> _delayed;
    private readonly Backoff<TKey> _failures;
    private readonly KubernetesMetrics _metrics;
    private readonly string _name;

    public RateLimitingQueue(string name, KubernetesMetrics metrics, TimeProvider time)
    {
        _name = name;
        _metrics = metrics;
        _queue = new WorkQueue<TKey>(name, metrics);
        _delayed = new DelayedAdds<TKey>(time, _queue.Add);
        _failures = new Backoff<TKey>(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
    }

    /// <inheritdoc cref="WorkQueue{TKey}.Count"/>
    public int Count => _queue.Count;

    /// <inheritdoc cref="WorkQueue{TKey}.IsIdle"/>
    public bool IsIdle => _queue.IsIdle;

    public void Add(TKey key) => _queue.Add(key);

    public void AddAfter(TKey key, TimeSpan delay) => _delayed.Add(key, delay);

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

    public void Dispose() => _delayed.Dispose();
}
