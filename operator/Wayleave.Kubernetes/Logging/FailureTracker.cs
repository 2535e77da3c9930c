namespace Wayleave.Kubernetes.Logging;

/// <summary>
/// Decides when to log a warning about a failing key: after a grace period, then every five minutes until it succeeds. At most twenty
/// warnings are due in five minutes; each carries the number of failing keys. Thread-safe.
/// </summary>
public sealed class FailureTracker<TKey>(TimeProvider time)
    where TKey : notnull
{
    private const int MaxWarnings = 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, (long Since, int Times)> _failing = [];
    private readonly Dictionary<TKey, long> _warnedAt = [];
    private long _windowStart = time.GetTimestamp();
    private int _warnings;

    /// <param name="grace">How long it must fail before the first warning.</param>
    public FailureReport RecordFailure(TKey key, TimeSpan grace)
    {
        lock (_lock)
        {
            var (since, times) = _failing.GetValueOrDefault(key, (time.GetTimestamp(), 0));
            _failing[key] = (since, times + 1);
            return new FailureReport(times + 1, _failing.Count, time.GetElapsedTime(since) >= grace && TryWarn(key));
        }
    }

    /// <summary>The key succeeded. If it fails again, the next warning is still at least five minutes after the last one.</summary>
    public void RecordSuccess(TKey key)
    {
        lock (_lock)
        {
            _failing.Remove(key);
        }
    }

    private bool TryWarn(TKey key)
    {
        if (IsOver(_windowStart))
        {
            (_windowStart, _warnings) = (time.GetTimestamp(), 0);
            foreach (var old in _warnedAt.Where(warned => IsOver(warned.Value) && !_failing.ContainsKey(warned.Key)).ToList())
            {
                _warnedAt.Remove(old.Key);
            }
        }

        if (_warnings >= MaxWarnings || (_warnedAt.TryGetValue(key, out var last) && !IsOver(last)))
        {
            return false;
        }

        _warnings++;
        _warnedAt[key] = time.GetTimestamp();
        return true;
    }

    private bool IsOver(long since) => time.GetElapsedTime(since) >= FailureReport.WarningInterval;
}

/// <summary>The state of a failing key.</summary>
/// <param name="FailingKeys">The number of failing keys, including this one.</param>
/// <param name="IsWarningDue">Whether to log a warning. Otherwise log at Debug.</param>
public readonly record struct FailureReport(int ConsecutiveFailures, int FailingKeys, bool IsWarningDue)
{
    /// <summary>The minimum time between two warnings about the same failure.</summary>
    public static TimeSpan WarningInterval { get; } = TimeSpan.FromMinutes(5);
}

/// <summary>
/// Allows the same message once every five minutes across all informers, so that an unavailable API server is logged once instead of once
/// for each kind. Thread-safe.
/// </summary>
public sealed class LogThrottle(TimeProvider time)
{
    private const int MaxMessages = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _loggedAt = new(StringComparer.Ordinal);

    /// <summary>True if the message was not logged in the last five minutes. The caller then logs it.</summary>
    public bool ShouldLog(string message)
    {
        lock (_lock)
        {
            if (_loggedAt.TryGetValue(message, out var last) && time.GetElapsedTime(last) < FailureReport.WarningInterval)
            {
                return false;
            }

            if (_loggedAt.Count >= MaxMessages)
            {
                _loggedAt.Clear();
            }

            _loggedAt[message] = time.GetTimestamp();
            return true;
        }
    }
}
