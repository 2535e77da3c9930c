using System.Collections.Concurrent;

namespace Wayleave.Kubernetes.Queue;

/// <summary>
/// A <see cref="WorkQueue{TKey}"/> with delayed adds and exponential backoff per key. Reports its depth as <c>workqueue_depth</c> until it
/// is disposed. Thread-safe.
/// </summary>
public sealed class RateLimitingQueue<TKey> : WorkQueue<TKey>, IDisposable
    where TKey : notnull
{
    private static readonly TimeSpan _minDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _maxDelay = TimeSpan.FromMinutes(1);

    private readonly Lock _pausing = new();
    private readonly DelayingQueue<TKey> _delayed;
    private readonly ConcurrentDictionary<TKey, int> _failures = new();
    private readonly KubernetesMetrics _metrics;
    private readonly IDisposable _depth;
    private readonly string _name;
    private volatile bool _isPaused;

    public RateLimitingQueue(string name, KubernetesMetrics metrics, TimeProvider time)
        : base(name, metrics, time)
    {
        _name = name;
        _metrics = metrics;
        _delayed = new DelayingQueue<TKey>(time, base.Add);
        _depth = metrics.TrackDepth(name, () => IsPaused ? 0 : Count);
    }

    /// <summary>Whether new keys are ignored.</summary>
    public bool IsPaused => _isPaused;

    /// <summary>
    /// Ignores new keys and reports a depth of 0, because no worker runs. Keys that are already queued or delayed stay for the next worker.
    /// </summary>
    public void Pause() => SetPaused(true);

    /// <summary>Accepts keys again. Enqueue all keys after this call, because changes were ignored in between.</summary>
    public void Resume() => SetPaused(false);

    public override void Add(TKey key)
    {
        lock (_pausing)
        {
            if (!_isPaused)
            {
                base.Add(key);
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
        _metrics.RecordRetry(_name);
        var failures = _failures.AddOrUpdate(key, 1, static (_, count) => count + 1);
        _delayed.Add(key, ExponentialBackoff.Calculate(failures, _minDelay, _maxDelay));
    }

    /// <summary>Resets the backoff of a key after success.</summary>
    public void Forget(TKey key) => _failures.TryRemove(key, out _);

    /// <summary>The number of failures since the last <see cref="Forget"/>.</summary>
    public int NumRequeues(TKey key) => _failures.GetValueOrDefault(key);

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

internal static class ExponentialBackoff
{
    /// <summary>
    /// Doubles from <paramref name="min"/> to <paramref name="max"/>, plus up to 10% jitter, so that keys that failed together are
    /// not retried together.
    /// </summary>
    public static TimeSpan Calculate(int attempt, TimeSpan min, TimeSpan max)
    {
        var factor = Math.Pow(2, Math.Min(attempt - 1, 30));
        var delay = Math.Min(min.TotalMilliseconds * factor, max.TotalMilliseconds);
#pragma warning disable CA5394 // Jitter does not need a secure random number.
        return TimeSpan.FromMilliseconds(delay * (1 + (Random.Shared.NextDouble() / 10)));
#pragma warning restore CA5394
    }
}
