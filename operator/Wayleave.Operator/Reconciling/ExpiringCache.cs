namespace Wayleave.Operator.Reconciling;

/// <summary>Values that are forgotten some time after they were put, so that memory stays bounded. Thread-safe.</summary>
internal sealed class ExpiringCache<TKey, TValue>(TimeSpan lifetime, TimeProvider time)
    where TKey : notnull
{
    private const int FewEntries = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, (TValue Value, long PutAt)> _entries = [];
    private int _sweepAt = FewEntries;

    public bool TryGet(TKey key, out TValue? value)
    {
        lock (_lock)
        {
            var isKnown = _entries.TryGetValue(key, out var entry) && !IsOver(entry.PutAt);
            value = isKnown ? entry.Value : default;
            return isKnown;
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            _entries[key] = (value, time.GetTimestamp());
            if (_entries.Count > _sweepAt)
            {
                Sweep();
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
            _sweepAt = FewEntries;
        }
    }

    // The next sweep runs when the size has doubled, so that the amortized cost of Set is constant.
    private void Sweep()
    {
        foreach (var (key, entry) in _entries)
        {
            if (IsOver(entry.PutAt))
            {
                _entries.Remove(key);
            }
        }

        _sweepAt = Math.Max(FewEntries, _entries.Count * 2);
    }

    private bool IsOver(long putAt) => time.GetElapsedTime(putAt) > lifetime;
}
