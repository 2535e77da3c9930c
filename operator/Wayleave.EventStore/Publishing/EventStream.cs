using System.Diagnostics;
using System.Threading.Channels;
using Wayleave.EventStore.Events;

namespace Wayleave.EventStore.Publishing;

/// <summary>
/// Accepts events from any thread and passes them on in order. It never waits: if its buffer is full, the event is dropped and counted.
/// Thread-safe.
/// </summary>
public sealed class EventStream(string instance, string component, TimeProvider time)
{
    /// <summary>The most events that wait.</summary>
    public const int Capacity = 8192;

    private readonly Channel<PublishedEvent> _channel = Channel.CreateBounded<PublishedEvent>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private volatile string? _term;
    private long _published;
    private long _dropped;

    /// <summary>Accepted since the start of the process.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>Dropped since the start of the process, because the buffer was full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>The events in the order in which they were published. Has one reader.</summary>
    public ChannelReader<PublishedEvent> Reader => _channel.Reader;

    /// <summary>Names the term of leadership in <see cref="OperatorEvent.Session"/>. Null for none.</summary>
    public void SetTerm(int? term) => _term = term is { } number ? string.Create(null, $"{instance}/{number}") : null;

    /// <summary>Publishes an event of the running reconcile, if there is one.</summary>
    /// <param name="subjects">The objects that it is about, the most important first. The caller must not change the list later.</param>
    /// <param name="parentRun">The trace ID of the reconcile that caused this one. Null if none did.</param>
    public void Publish(
        EventPayload payload, IReadOnlyList<EventSubject> subjects, EventProvenance provenance = EventProvenance.Direct,
        string? parentRun = null)
    {
        var run = Activity.Current is { IsStopped: false } activity ? activity.TraceId.ToHexString() : null;
        Publish(new PublishedEvent
        {
            Payload = payload,
            Subjects = subjects,
            Provenance = provenance,
            Run = run,
            ParentRun = parentRun == run ? null : parentRun,
            Session = _term ?? instance,
            Component = component,
            Time = time.GetUtcNow(),
        });
    }

    /// <summary>Accepts no more events. The reader ends after those that wait.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    private void Publish(PublishedEvent published) =>
        Interlocked.Increment(ref _channel.Writer.TryWrite(published) ? ref _published : ref _dropped);
}

/// <summary>An event between its publisher and its handlers. Immutable.</summary>
public sealed record PublishedEvent
{
    /// <inheritdoc cref="OperatorEvent.Id"/>
    public string Id => field ??= $"evt_{Guid.CreateVersion7(Time):N}";

    public required DateTimeOffset Time { get; init; }

    /// <summary>Not redacted.</summary>
    public required EventPayload Payload { get; init; }

    public required IReadOnlyList<EventSubject> Subjects { get; init; }

    public required EventProvenance Provenance { get; init; }

    /// <inheritdoc cref="OperatorEvent.Run"/>
    public string? Run { get; init; }

    /// <inheritdoc cref="OperatorEvent.ParentRun"/>
    public string? ParentRun { get; init; }

    /// <inheritdoc cref="OperatorEvent.Session"/>
    public required string Session { get; init; }

    public required string Component { get; init; }
}
