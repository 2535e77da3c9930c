using System.Runtime.InteropServices;
using System.Text.Json;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.EventStore.Redaction;

namespace Wayleave.EventStore.Storage;

/// <summary>Redacts events, and says what the store needs to know of them.</summary>
internal static class StoredEvents
{
    // More subjects of an event are not kept.
    private const int MaxSubjects = 10;

    public static OperatorEvent Redact(PublishedEvent published, Redactor redactor) => new()
    {
        Id = published.Id,
        Type = EventCatalog.Get(published.Payload).Name,
        Time = DateTimeOffset.FromUnixTimeMilliseconds(published.Time.ToUnixTimeMilliseconds()),
        Run = published.Run is { } run ? Redactor.Redact(run) : null,
        ParentRun = published.ParentRun is { } parent ? Redactor.Redact(parent) : null,
        Session = Redactor.Redact(published.Session),
        Component = Redactor.Redact(published.Component),
        Provenance = published.Provenance,
        Subjects = [.. published.Subjects.Take(MaxSubjects).Select(subject => Redactor.Redact(subject.ToString()))],
        Payload = JsonElement.Parse(redactor.Serialize(published.Payload)),
    };

    extension(OperatorEvent stored)
    {
        public EventClass Class => EventCatalog.Find(stored.Type)!.Class;

        public DateOnly Day => DateOnly.FromDateTime(stored.Time.UtcDateTime);

        /// <summary>The payload in UTF-8.</summary>
        public ReadOnlySpan<byte> PayloadText => JsonMarshal.GetRawUtf8Value(stored.Payload);

        /// <summary>About how many bytes of memory it takes.</summary>
        public int Size => 500 + stored.PayloadText.Length + (2 * stored.Subjects.Sum(subject => subject.Length));

        public bool Matches(EventQuery query) =>
            (query.Since is not { } since || stored.Time >= since)
            && (query.Until is not { } until || stored.Time < until)
            && (query.Types.Count == 0 || query.Types.Contains(stored.Type))
            && (query.Run is not { } run || stored.Run == run || stored.ParentRun == run)
            && (query.Session is not { } session || stored.Session == session)
            && (query.Component is not { } component || stored.Component == component)
            && (query.Subject is not { } subject || stored.Subjects.Any(own => IsBelow(own, subject)))
            && (query.After is not { } after || IsAfter(stored, after));
    }

    private static bool IsBelow(string own, string subject) =>
        own.StartsWith(subject, StringComparison.Ordinal) && (own.Length == subject.Length || own[subject.Length] == '/');

    private static bool IsAfter(OperatorEvent stored, EventCursor cursor) =>
        stored.Time < cursor.Time || (stored.Time == cursor.Time && string.CompareOrdinal(stored.Id, cursor.Id) < 0);
}

/// <summary>The newest events of a store that cannot write to its disk. Thread-safe.</summary>
internal sealed class MemoryEvents
{
    public const int Capacity = 10_000;

    /// <summary>16 MiB, for the case that events are large.</summary>
    public const long MaxBytes = 16L * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<OperatorEvent> _events = new();
    private long _bytes;

    public IReadOnlyList<OperatorEvent> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <returns>How many older events were given up for it.</returns>
    public int Add(IEnumerable<OperatorEvent> events)
    {
        lock (_lock)
        {
            var lost = 0;
            foreach (var added in events)
            {
                _events.Enqueue(added);
                _bytes += added.Size;
                for (; _events.Count > Capacity || _bytes > MaxBytes; lost++)
                {
                    _bytes -= _events.Dequeue().Size;
                }
            }

            return lost;
        }
    }

    public void Remove(IReadOnlyCollection<OperatorEvent> events)
    {
        lock (_lock)
        {
            var removed = events.ToHashSet(ReferenceEqualityComparer.Instance);
            var left = _events.Where(held => !removed.Contains(held)).ToList();
            _events.Clear();
            left.ForEach(_events.Enqueue);
            _bytes = left.Sum(held => (long)held.Size);
        }
    }
}
