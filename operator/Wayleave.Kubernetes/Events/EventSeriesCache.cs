namespace Wayleave.Kubernetes.Events;

/// <summary>Remembers recent Events so that a repetition is told apart. Bounded; used by one task.</summary>
internal sealed class EventSeriesCache(TimeProvider time)
{
    private const int Most = 1024;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private readonly Dictionary<EventKey, Entry> _entries = [];

    /// <summary>The Event that this one repeats and how often it has now happened, or null when it is new.</summary>
    public (string EventName, int Count)? Repeat(RecordedEvent recorded)
    {
        if (!_entries.TryGetValue(recorded.Key, out var entry) || time.GetElapsedTime(entry.SeenAt) > Window)
        {
            return null;
        }

        entry = entry with { Count = entry.Count + 1, SeenAt = time.GetTimestamp() };
        _entries[recorded.Key] = entry;
        return (entry.EventName, entry.Count);
    }

    public void Remember(RecordedEvent recorded, string eventName)
    {
        if (_entries.Count >= Most)
        {
            Forget();
        }

        _entries[recorded.Key] = new Entry(eventName, 1, time.GetTimestamp());
    }

    // Forgetting everything now and then is as good as forgetting the oldest: the price is one more object.
    private void Forget() => _entries.Clear();

    private sealed record Entry(string EventName, int Count, long SeenAt);
}
