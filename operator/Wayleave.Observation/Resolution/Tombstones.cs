using System.Diagnostics.CodeAnalysis;

namespace Wayleave.Observation.Resolution;

/// <summary>
/// Objects by key, which stay for some time after they were removed. Bounded in the removed ones: beyond, those that were removed first are
/// forgotten first. Not thread-safe.
/// </summary>
internal sealed class Tombstones<TKey, TValue>(TimeSpan retention, int maxRemoved)
    where TKey : notnull
    where TValue : class
{
    private readonly Dictionary<TKey, Entry> _entries = [];
    private readonly Queue<(TKey Key, Entry Entry, DateTimeOffset RemovedAt)> _removed = new();

    /// <summary>The entry, also one that was removed. Null if it is not known.</summary>
    public TValue? Find(TKey key) => _entries.GetValueOrDefault(key)?.Value;

    /// <summary>Whether the entry is there and was not removed.</summary>
    public bool IsLive(TKey key) => _entries.GetValueOrDefault(key) is { RemovedAt: null };

    public bool TryFind(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        value = Find(key);
        return value is not null;
    }

    /// <summary>Adds or replaces an entry. One that was removed is there again.</summary>
    public void Set(TKey key, TValue value)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            (entry.Value, entry.RemovedAt) = (value, null);
        }
        else
        {
            _entries[key] = new Entry(value);
        }
    }

    public void Remove(TKey key, DateTimeOffset at)
    {
        if (!_entries.TryGetValue(key, out var entry) || entry.RemovedAt is not null)
        {
            return;
        }

        entry.RemovedAt = at;
        _removed.Enqueue((key, entry, at));
        while (_removed.Count > maxRemoved)
        {
            ForgetOldest();
        }
    }

    /// <summary>Forgets what was removed longer ago than the retention.</summary>
    public void Sweep(DateTimeOffset now)
    {
        while (_removed.TryPeek(out var oldest) && oldest.RemovedAt + retention < now)
        {
            ForgetOldest();
        }
    }

    private void ForgetOldest()
    {
        var (key, entry, at) = _removed.Dequeue();
        if (entry.RemovedAt == at)
        {
            _entries.Remove(key);
        }
    }

    private sealed class Entry(TValue value)
    {
        public TValue Value { get; set; } = value;

        /// <summary>Null while it is there.</summary>
        public DateTimeOffset? RemovedAt { get; set; }
    }
}
