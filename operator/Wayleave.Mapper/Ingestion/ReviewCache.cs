using System.Net;
using Wayleave.Ingest;

namespace Wayleave.Mapper.Ingestion;

/// <summary>What the API server said about a token.</summary>
/// <param name="User">Null if the token is not valid.</param>
/// <param name="PodName">The Pod that the token is bound to, like the next two.</param>
/// <param name="NodeName">Null for an API server that does not say it.</param>
internal sealed record ReviewedToken(string? User, string? PodName, Guid? PodUid, string? NodeName)
{
    public static ReviewedToken Refused { get; } = new(User: null, PodName: null, PodUid: null, NodeName: null);
}

/// <summary>
/// Reviews by the SHA-256 of the token. Valid tokens are kept apart from those that are not, so that many of these cannot push them out.
/// Thread-safe.
/// </summary>
internal sealed class ReviewCache(TimeProvider time)
{
    private const int MaxEntries = 4096;

    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _refusedLifetime = TimeSpan.FromSeconds(5);

    // How much longer a review counts while the API server reviews nothing.
    private static readonly TimeSpan _grace = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly RecentEntries<string, (ReviewedToken Token, long At)> _valid = new(MaxEntries);
    private readonly RecentEntries<string, (ReviewedToken Token, long At)> _refused = new(MaxEntries);

    public ReviewedToken? Find(string key)
    {
        lock (_lock)
        {
            return Find(_valid, key, _lifetime) ?? Find(_refused, key, _refusedLifetime);
        }
    }

    /// <summary>A valid review that has expired, for as long as it may be used without the API server.</summary>
    public ReviewedToken? FindExpired(string key)
    {
        lock (_lock)
        {
            return Find(_valid, key, _lifetime + _grace);
        }
    }

    public void Add(string key, ReviewedToken review)
    {
        lock (_lock)
        {
            _valid.Remove(key);
            _refused.Remove(key);
            (review.User is null ? _refused : _valid).Set(key, (review, time.GetTimestamp()));
        }
    }

    private ReviewedToken? Find(RecentEntries<string, (ReviewedToken Token, long At)> entries, string key, TimeSpan lifetime) =>
        entries.TryGet(key, out var entry) && time.GetElapsedTime(entry.At) < lifetime ? entry.Token : null;
}

/// <summary>
/// Limits how many tokens are sent to the API server: for each address, so that one client cannot use up the share of the sensors, and in
/// total. Thread-safe.
/// </summary>
internal sealed class ReviewLimiter(TimeProvider time)
{
    private const int MaxAddresses = 16_384;

    // A sensor needs one a minute. After a restart of the mapper all sensors need one at once: some thousand are reviewed in half a minute.
    private readonly KeyedRateLimiter<IPAddress> _perAddress = new(perSecond: 1, burst: 5, MaxAddresses, time);
    private readonly KeyedRateLimiter<bool> _total = new(perSecond: 100, burst: 200, maxKeys: 1, time);

    /// <returns>Zero if a token may be reviewed, otherwise how long to wait.</returns>
    public TimeSpan Take(IPAddress address) =>
        _perAddress.Take(address) is var wait && wait > TimeSpan.Zero ? wait : _total.Take(key: true);
}
