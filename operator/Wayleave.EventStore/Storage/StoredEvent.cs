using System.Text.Json;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.EventStore.Redaction;

namespace Wayleave.EventStore.Storage;

/// <summary>A redacted event on its way to the disk. Immutable.</summary>
internal sealed record StoredEvent
{
    /// <summary>The most subjects of an event that are kept.</summary>
    public const int MaxSubjects = 10;

    public required string Id { get; init; }

    public required EventType Type { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long Time { get; init; }

    public string? Run { get; init; }

    public string? ParentRun { get; init; }

    public required string Session { get; init; }

    public required string Component { get; init; }

    public required EventProvenance Provenance { get; init; }

    public required string[] Subjects { get; init; }

    /// <summary>JSON in UTF-8.</summary>
    public required byte[] Payload { get; init; }

    public DateOnly Day => DayOf(Time);

    /// <summary>About how many bytes of memory it takes.</summary>
    public int Size => 300 + Payload.Length + (2 * Subjects.Sum(subject => subject.Length));

    public static DateOnly DayOf(long time) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime);

    public static StoredEvent From(PublishedEvent published, Redactor redactor) => new()
    {
        Id = published.Id,
        Type = EventCatalog.Get(published.Payload),
        Time = published.Time.ToUnixTimeMilliseconds(),
        Run = published.Run is { } run ? Redactor.Redact(run) : null,
        ParentRun = published.ParentRun is { } parent ? Redactor.Redact(parent) : null,
        Session = Redactor.Redact(published.Session),
        Component = Redactor.Redact(published.Component),
        Provenance = published.Provenance,
        Subjects = [.. published.Subjects.Take(MaxSubjects).Select(subject => Redactor.Redact(subject.ToString()))],
        Payload = redactor.Serialize(published.Payload),
    };

    public OperatorEvent ToOperatorEvent() => new()
    {
        Id = Id,
        Type = Type.Name,
        Time = DateTimeOffset.FromUnixTimeMilliseconds(Time),
        Run = Run,
        ParentRun = ParentRun,
        Session = Session,
        Subjects = Subjects,
        Component = Component,
        Provenance = Provenance,
        Payload = JsonElement.Parse(Payload),
    };

    public bool Matches(EventQuery query) =>
        (query.Since is not { } since || DateTimeOffset.FromUnixTimeMilliseconds(Time) >= since)
        && (query.Until is not { } until || DateTimeOffset.FromUnixTimeMilliseconds(Time) < until)
        && (query.Types.Count == 0 || query.Types.Contains(Type.Name))
        && (query.Run is not { } run || Run == run || ParentRun == run)
        && (query.Session is not { } session || Session == session)
        && (query.Component is not { } component || Component == component)
        && (query.Subject is not { } subject || Subjects.Any(own => IsBelow(own, subject)))
        && (query.After is not { } after || IsAfter(after));

    private static bool IsBelow(string own, string subject) =>
        own.StartsWith(subject, StringComparison.Ordinal) && (own.Length == subject.Length || own[subject.Length] == '/');

    private bool IsAfter(EventCursor cursor)
    {
        var time = cursor.Time.ToUnixTimeMilliseconds();
        return Time < time || (Time == time && string.CompareOrdinal(Id, cursor.Id) < 0);
    }
}

/// <summary>The newest events of a store that cannot write to its disk. Thread-safe.</summary>
internal sealed class MemoryEvents
{
    public const int Capacity = 10_000;

    /// <summary>16 MiB, for the case that events are large.</summary>
    public const long MaxBytes = 16L * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<StoredEvent> _events = new();
    private long _bytes;

    public IReadOnlyList<StoredEvent> All
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
    public int Add(IEnumerable<StoredEvent> events)
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

    public void Remove(IReadOnlyCollection<StoredEvent> events)
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
