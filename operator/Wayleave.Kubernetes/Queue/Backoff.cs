using System.Collections.Concurrent;

namespace Wayleave.Kubernetes.Queue;

/// <summary>Exponential delays per key, jittered by up to a tenth, so that keys that failed together do not come back together.</summary>
internal sealed class Backoff<TKey>(TimeSpan shortest, TimeSpan longest)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, int> _failures = new();

    public TimeSpan Next(TKey key)
    {
        var failures = _failures.AddOrUpdate(key, 1, static (_, count) => count + 1);
        return ExponentialDelay.Of(failures, shortest, longest);
    }

    public void Forget(TKey key) => _failures.TryRemove(key, out _);

    public int Count(TKey key) => _failures.GetValueOrDefault(key);
}
