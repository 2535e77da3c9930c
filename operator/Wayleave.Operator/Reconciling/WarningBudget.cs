namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Bounds how often warnings about many objects are logged: each object at most once in five minutes, and ten of them a minute. Safe for any
/// number of threads.
/// </summary>
internal sealed class WarningBudget(TimeProvider time)
{
    private const int MostPerMinute = 10;
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly RecentMap<string, bool> _logged = new(_interval, time);
    private long _minuteBegan = time.GetTimestamp();
    private int _spent;
    private int _skipped;

    /// <summary>Whether a warning may be logged now.</summary>
    /// <param name="key">What it is about.</param>
    /// <param name="skipped">How many warnings about other objects were left out since the last one that was logged.</param>
    public bool TryTake(string key, out int skipped)
    {
        lock (_lock)
        {
            skipped = 0;
            if (_logged.TryGet(key, out _))
            {
                return false;
            }

            if (time.GetElapsedTime(_minuteBegan) >= _minute)
            {
                (_minuteBegan, _spent) = (time.GetTimestamp(), 0);
            }

            if (_spent >= MostPerMinute)
            {
                _skipped++;
                return false;
            }

            _spent++;
            _logged.Put(key, true);
            (skipped, _skipped) = (_skipped, 0);
            return true;
        }
    }
}
