using k8s.Models;

namespace Wayleave.Kubernetes.Events;

/// <param name="TraceId">Of the reconcile that recorded it. Null if none did.</param>
internal sealed record RecordedEvent(
    V1ObjectReference Regarding, string Type, string Reason, string Action, string Note, string? TraceId)
{
    public EventKey Key => new(Regarding.Kind, Regarding.NamespaceProperty, Regarding.Name, Regarding.Uid, Type, Reason, Note);
}

/// <summary>Identifies repeated Events. The UID alone is not enough: a reference may lack it.</summary>
internal readonly record struct EventKey(
    string? Kind, string? Namespace, string? Name, string? Uid, string Type, string Reason, string Note);

/// <summary>The maximum lengths of Event fields in bytes of UTF-8. The API server rejects longer ones.</summary>
internal static class EventLimits
{
    public const int Note = 1024;

    public const int ReportingInstance = 128;

    /// <summary>Truncates the text to a number of bytes without splitting a character.</summary>
    public static string Truncate(string text, int bytes)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
            {
                return text[..length];
            }

            length += rune.Utf16SequenceLength;
        }

        return text;
    }
}

/// <summary>Recent Events, to detect repetitions. Bounded. Used by one task.</summary>
internal sealed class EventSeriesCache(TimeProvider time)
{
    private const int MaxEntries = 1024;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private readonly Dictionary<EventKey, Entry> _entries = [];

    /// <summary>The name of the Event that this one repeats and the new count. Null if it is not a repetition.</summary>
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
        if (_entries.Count >= MaxEntries)
        {
            // Simpler than evicting the oldest; the cost is a second object for a repetition.
            _entries.Clear();
        }

        _entries[recorded.Key] = new Entry(eventName, 1, time.GetTimestamp());
    }

    private sealed record Entry(string EventName, int Count, long SeenAt);
}
