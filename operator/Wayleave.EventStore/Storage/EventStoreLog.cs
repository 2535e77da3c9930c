using Microsoft.Extensions.Logging;

namespace Wayleave.EventStore.Storage;

/// <summary>What the operator's log says of the event store.</summary>
internal sealed partial class EventStoreLog(ILogger<SqliteEventStore> logger)
{
    [LoggerMessage(LogLevel.Warning, "Event store file {Path} is damaged; set aside, and events go to a new file")]
    public partial void SetAside(string path);

    [LoggerMessage(LogLevel.Warning, "Event store cannot use {Directory}; events stay in memory until it can: {Reason}")]
    public partial void Failed(string directory, string reason);

    [LoggerMessage(LogLevel.Information, "Event store can use {Directory} again; wrote {Count} events that were in memory")]
    public partial void Recovered(string directory, int count);

    [LoggerMessage(LogLevel.Error, "Event of type {Type} cannot be serialized; it is not stored")]
    public partial void NotSerialized(Exception exception, string type);
}
