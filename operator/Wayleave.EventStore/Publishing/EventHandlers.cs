using Microsoft.Extensions.Logging;
using Wayleave.EventStore.Events;

namespace Wayleave.EventStore.Publishing;

/// <summary>Calls handlers in the order in which they were attached. One that throws does not affect the others. Not thread-safe.</summary>
internal sealed partial class EventHandlers(ILogger logger)
{
    private readonly List<Handler> _handlers = [];
    private long _failures;

    /// <summary>How often a handler threw.</summary>
    public long Failures => Volatile.Read(ref _failures);

    public void Attach<TPayload>(string name, Action<PublishedEvent, TPayload> handler)
        where TPayload : EventPayload =>
        _handlers.Add(new Handler(
            name, published => published.Payload is TPayload, published => handler(published, (TPayload)published.Payload)));

    public void Handle(PublishedEvent published)
    {
        foreach (var handler in _handlers)
        {
            if (handler.Accepts(published))
            {
                Handle(handler, published);
            }
        }
    }

    private void Handle(Handler handler, PublishedEvent published)
    {
        try
        {
            handler.Run(published);
            handler.IsFailing = false;
        }
#pragma warning disable CA1031 // Whatever a handler throws, the others and the store get the event.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.Increment(ref _failures);
            if (!handler.IsFailing)
            {
                handler.IsFailing = true;
                LogFailed(exception, handler.Name);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Event handler {Name} failed; further failures are counted and not logged until it succeeds")]
    private partial void LogFailed(Exception exception, string name);

    private sealed class Handler(string name, Func<PublishedEvent, bool> accepts, Action<PublishedEvent> run)
    {
        public string Name => name;

        public bool IsFailing { get; set; }

        public bool Accepts(PublishedEvent published) => accepts(published);

        public void Run(PublishedEvent published) => run(published);
    }
}
