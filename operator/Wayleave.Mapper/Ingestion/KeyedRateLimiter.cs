using Wayleave.Ingest;

namespace Wayleave.Mapper.Ingestion;

/// <summary>
/// Allows each key a number of calls a second, and some more at once. Keys that were not seen for long are forgotten. Thread-safe.
/// </summary>
/// <param name="burst">Calls at once.</param>
/// <param name="maxKeys">How many keys are remembered.</param>
internal sealed class KeyedRateLimiter<TKey>(double perSecond, int burst, int maxKeys, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly RecentEntries<TKey, (double Tokens, long At)> _buckets = new(maxKeys);

    /// <returns>Zero if the call is allowed, otherwise how long to wait.</returns>
    public TimeSpan Take(TKey key)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var tokens = _buckets.TryGet(key, out var bucket)
                ? Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond))
                : burst;
            var isAllowed = tokens >= 1;
            _buckets.Set(key, (isAllowed ? tokens - 1 : tokens, now));
            return isAllowed ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - tokens) / perSecond);
        }
    }
}
