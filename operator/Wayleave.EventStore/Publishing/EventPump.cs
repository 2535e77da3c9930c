using Microsoft.Extensions.Logging;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Storage;

namespace Wayleave.EventStore.Publishing;

/// <summary>Passes the events of a stream to its handlers, one after the other, and then to the store, in batches.</summary>
/// <param name="stream">The pump is its reader.</param>
/// <param name="store">Null to store nothing. The pump disposes it.</param>
public sealed class EventPump(EventStream stream, SqliteEventStore? store, TimeProvider time, ILogger<EventPump> logger)
{
    /// <summary>The most events of a batch.</summary>
    public const int MaxBatch = 500;

    // Leaves time for the write, so that an event is on the disk 250 ms after it was published unless the machine is overloaded.
    private static readonly TimeSpan _batchDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _drainTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _sweepInterval = TimeSpan.FromMinutes(5);

    private readonly EventHandlers _handlers = new(logger);
    private readonly List<PublishedEvent> _batch = new(MaxBatch);
    private long _abandoned;

    /// <summary>Events on the disk since the start of the process.</summary>
    public long Stored => store?.Stored ?? 0;

    /// <summary>Lost since the start of the process: there was no room for them, or they could not be serialized.</summary>
    public long Dropped => stream.Dropped + Volatile.Read(ref _abandoned) + (store?.Lost ?? 0);

    /// <summary>How often a handler threw.</summary>
    public long HandlerFailures => _handlers.Failures;

    /// <inheritdoc cref="SqliteEventStore.IsInMemory"/>
    public bool IsInMemory => store?.IsInMemory ?? false;

    /// <inheritdoc cref="SqliteEventStore.Bytes"/>
    public long Bytes => store?.Bytes ?? 0;

    /// <inheritdoc cref="SqliteEventStore.DeletedFiles"/>
    public long DeletedFiles => store?.DeletedFiles ?? 0;

    /// <summary>Calls a handler for each event of a type, or of every type. Only before <see cref="RunAsync"/>.</summary>
    /// <param name="name">For the log.</param>
    /// <param name="handler">Called on one thread at a time. It should not wait.</param>
    public void Attach<TPayload>(string name, Action<PublishedEvent, TPayload> handler)
        where TPayload : EventPayload => _handlers.Attach(name, handler);

    /// <summary>Runs until it is canceled, or the stream is completed and empty. Then stores what waits and closes the store.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        store?.Sweep();
        using (time.CreateTimer(_ => store?.Sweep(), null, _sweepInterval, _sweepInterval))
        {
            try
            {
                await PumpAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The rest is drained below.
            }
        }

        Drain();
        store?.Dispose();
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        Task<bool>? canRead = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            canRead ??= stream.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            if (!await canRead.WaitAsync(cancellationToken))
            {
                return;
            }

            canRead = await FillBatchAsync(cancellationToken);
            Flush();
        }
    }

    /// <summary>Reads until the batch is full or its first event has waited long enough.</summary>
    /// <returns>The wait for the next event, if it has begun: there is only one at a time.</returns>
    private async Task<Task<bool>?> FillBatchAsync(CancellationToken cancellationToken)
    {
        Task? delay = null;
        while (!TryFillBatch())
        {
            delay ??= Task.Delay(_batchDelay, time, cancellationToken);
            var canRead = stream.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            await Task.WhenAny(canRead, delay);
            if (delay.IsCompleted || !await canRead)
            {
                return canRead;
            }
        }

        return null;
    }

    /// <summary>Handles what waits. False if that is not enough for a full batch.</summary>
    private bool TryFillBatch()
    {
        while (_batch.Count < MaxBatch && stream.Reader.TryRead(out var published))
        {
            _handlers.Handle(published);
            _batch.Add(published);
        }

        return _batch.Count == MaxBatch;
    }

    private void Flush()
    {
        if (_batch.Count > 0)
        {
            store?.Append(_batch);
            _batch.Clear();
        }
    }

    private void Drain()
    {
        stream.Complete();
        var start = time.GetTimestamp();
        while (TryFillBatch() && time.GetElapsedTime(start) < _drainTimeout)
        {
            Flush();
        }

        Flush();
        Volatile.Write(ref _abandoned, stream.Reader.Count);
    }
}

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

    private sealed record Handler(string Name, Func<PublishedEvent, bool> Accepts, Action<PublishedEvent> Run)
    {
        public bool IsFailing { get; set; }
    }
}
