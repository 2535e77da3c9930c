using System.Collections.Concurrent;

namespace Wayleave.Kubernetes.Queue;

/// <summary>The exponential delay of each failing key. Thread-safe.</summary>
internal sealed class KeyBackoff<TKey>(TimeSpan shortest, TimeSpan longest)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, int> _failures = new();

    public TimeSpan Next(TKey key)
    {
        var failures = _failures.AddOrUpdate(key, 1, static (_, count) => count + 1);
        return ExponentialBackoff.Of(failures, shortest, longest);
    }

    public void Forget(TKey key) => _failures.TryRemove(key, out _);

    public int Count(TKey key) => _failures.GetValueOrDefault(key);
}

/// <summary>Exponential backoff with jitter.</summary>
internal static class ExponentialBackoff
{
    /// <summary>
    /// Doubles from <paramref name="shortest"/> to <paramref name="longest"/>, plus up to 10% jitter, so that keys that failed together are
    /// not retried together.
    /// </summary>
    public static TimeSpan Of(int attempt, TimeSpan shortest, TimeSpan longest)
    {
        var factor = Math.Pow(2, Math.Min(attempt - 1, 30));
        var delay = Math.Min(shortest.TotalMilliseconds * factor, longest.TotalMilliseconds);
#pragma warning disable CA5394 // Jitter does not need a secure random number.
        return TimeSpan.FromMilliseconds(delay * (1 + (Random.Shared.NextDouble() / 10)));
#pragma warning restore CA5394
    }
}
