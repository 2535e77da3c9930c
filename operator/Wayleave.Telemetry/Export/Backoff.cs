namespace Wayleave.Telemetry.Export;

/// <summary>
/// The backoff after an unacknowledged export: doubles up to 15 minutes, with 50% jitter, so that a fleet does not retry at once. Retries
/// never end. Not thread-safe.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeProvider time, Random random)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private int _failures;
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    public bool IsDue => time.GetUtcNow() >= _next;

    /// <summary>When the next attempt is due.</summary>
    public DateTimeOffset Next => _next;

    public void Succeeded() => (_failures, _next) = (0, DateTimeOffset.MinValue);

    /// <summary>A retry would be rejected again, so wait for an hour.</summary>
    public void Refused() => _next = time.GetUtcNow() + LongestAsked;

    /// <param name="retryAfter">The Retry-After of the collector, at most one hour.</param>
    public void Failed(TimeSpan? retryAfter)
    {
        var ceiling = first > Longest ? first : Longest;
        var doubled = first * Math.Pow(2, Math.Min(_failures++, 30));
        var delay = (doubled > ceiling ? ceiling : doubled) * (0.5 + (random.NextDouble() / 2));
        var asked = retryAfter > LongestAsked ? LongestAsked : retryAfter ?? TimeSpan.Zero;
        _next = time.GetUtcNow() + (asked > delay ? asked : delay);
    }
}
