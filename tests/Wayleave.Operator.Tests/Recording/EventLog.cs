using Microsoft.Extensions.DependencyInjection;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Recording;
using Wayleave.Operator.Tests.Meaning.Running;

namespace Wayleave.Operator.Tests.Recording;

/// <summary>Reads what a <see cref="RunningOperator"/> published. Nothing else reads it.</summary>
internal sealed class EventLog(IServiceProvider services)
{
    private readonly EventStream _stream = services.GetRequiredService<EventStream>();
    private readonly List<PublishedEvent> _read = [];

    /// <summary>All events up to now, the oldest first.</summary>
    public IReadOnlyList<PublishedEvent> Events
    {
        get
        {
            while (_stream.Reader.TryRead(out var published))
            {
                _read.Add(published);
            }

            return _read;
        }
    }

    /// <summary>A recorder without an event store.</summary>
    public static OperatorEventRecorder Off()
    {
        var nothing = new Dictionary<string, string>(StringComparer.Ordinal);
        return new OperatorEventRecorder([], OperatorOptions.Read(nothing, nothing), TimeProvider.System);
    }

    public IReadOnlyList<PublishedEvent> Of<TPayload>()
        where TPayload : EventPayload => [.. Events.Where(published => published.Payload is TPayload)];

    public (PublishedEvent Event, TPayload Payload) Single<TPayload>()
        where TPayload : EventPayload
    {
        var published = Of<TPayload>().ShouldHaveSingleItem();
        return (published, (TPayload)published.Payload);
    }

    public static IReadOnlyList<string> Subjects(PublishedEvent published) => [.. published.Subjects.Select(subject => subject.ToString())];
}
