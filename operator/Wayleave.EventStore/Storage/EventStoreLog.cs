using Microsoft.Extensions.Logging;

namespace Wayleave.EventStore.Storage;

/// <summary>The log messages of the event store.</summary>
internal sealed partial class EventStoreLog(ILogger<SqliteEventStore> logger)
{
    [LoggerMessage(LogLevel.Warning, "Event store file {Path} is damaged; renamed it, and will write to a new file")]
    public partial void SetAside(string path);

    [LoggerMessage(LogLevel.Warning, "Cannot write events to {Directory}: {Reason}; keeping them in memory, and will retry")]
    public partial void Failed(string directory, string reason);

    [LoggerMessage(LogLevel.Information, "Writing events to {Directory} again; wrote {Count} events from memory")]
    public partial void Recovered(string directory, int count);

    [LoggerMessage(LogLevel.Error, "Cannot serialize an event of type {Type}; dropped it")]
    public partial void NotSerialized(Exception exception, string type);
}
