namespace Wayleave.Kubernetes.Logging;

/// <summary>
/// Decides when a failure that lasts is worth a warning: once it has lasted for a while, and then again every five minutes until it is
/// over. At most twenty keys are warned about within five minutes; the warnings say how many fail. Safe for any number of threads.
/// </summary>
public sealed class FailureTracker<TKey>(TimeProvider time)
    where TKey : notnull
{
    private const int MostWarnings = 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, (long Since, int Times)> _failing = [];
    private readonly Dictionary<TKey, long> _warnedAt = [];
    private long _windowStart = time.GetTimestamp();
    private int _warnings;

    /// <summary>The key failed once more.</summary>
    /// <param name="key">What failed.</param>
    /// <param name="grace">How long it has to fail before the first warning.</param>
    public FailureReport Failed(TKey key, TimeSpan grace)
    {
        lock (_lock)
        {
            var (since, times) = _failing.GetValueOrDefault(key, (time.GetTimestamp(), 0));
            _failing[key] = (since, times + 1);
            return new FailureReport(times + 1, _failing.Count, time.GetElapsedTime(since) >= grace && TryWarn(key));
        }
    }

    /// <summary>The key does not fail any more. A warning about it that is less than five minutes old still counts.</summary>
    public void Succeeded(TKey key)
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

        if (_warnings >= MostWarnings || (_warnedAt.TryGetValue(key, out var last) && !IsOver(last)))
        {
            return false;
        }

        _warnings++;
        _warnedAt[key] = time.GetTimestamp();
        return true;
    }

    private bool IsOver(long since) => time.GetElapsedTime(since) >= FailureReport.WarningInterval;
}

/// <summary>What is known of a key that failed.</summary>
/// <param name="Times">How often it failed in a row.</param>
/// <param name="FailingKeys">How many keys fail now, this one included.</param>
/// <param name="IsWarningDue">Whether to log a warning; otherwise the failure is a detail.</param>
public readonly record struct FailureReport(int Times, int FailingKeys, bool IsWarningDue)
{
    /// <summary>The shortest time between two warnings about the same failure.</summary>
    public static TimeSpan WarningInterval { get; } = TimeSpan.FromMinutes(5);
}
