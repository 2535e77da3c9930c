namespace Wayleave.Telemetry.Export;

/// <summary>
/// The backoff after an unacknowledged export: doubles up to 15 minutes, with 50% jitter, so that a fleet does not retry at once. Retries
/// never end. Not thread-safe.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeProvider time, Random random)
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    private int _failures;

    public DateTimeOffset NextAttemptAt { get; private set; } = DateTimeOffset.MinValue;

    public bool IsDue => time.GetUtcNow() >= NextAttemptAt;

    public void Reset() => (_failures, NextAttemptAt) = (0, DateTimeOffset.MinValue);

    /// <summary>A retry would be rejected again, so wait for an hour.</summary>
    public void MarkRejected() => NextAttemptAt = time.GetUtcNow() + MaxRetryAfter;

    /// <param name="retryAfter">The Retry-After of the collector, at most one hour.</param>
    public void MarkFailed(TimeSpan? retryAfter)
    {
        var ceiling = first > MaxDelay ? first : MaxDelay;
        var doubled = first * Math.Pow(2, Math.Min(_failures++, 30));
        var delay = (doubled > ceiling ? ceiling : doubled) * (0.5 + (random.NextDouble() / 2));
        var asked = retryAfter > MaxRetryAfter ? MaxRetryAfter : retryAfter ?? TimeSpan.Zero;
        NextAttemptAt = time.GetUtcNow() + (asked > delay ? asked : delay);
    }
}
