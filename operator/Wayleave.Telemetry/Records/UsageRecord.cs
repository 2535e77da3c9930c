using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Records;

/// <summary>
/// One record, complete and final: what is in it is what is sent, shown locally and kept in the ledger, however often it is tried.
/// </summary>
/// <param name="Time">When it was made; both timestamps of the OTLP log record.</param>
/// <param name="Attributes">All its attributes, in the order in which they are sent.</param>
public sealed record UsageRecord(UsageEvent Event, DateTimeOffset Time, ImmutableArray<RecordAttribute> Attributes)
{
    /// <summary>Null if the record does not carry <paramref name="attribute"/>.</summary>
    public AttributeValue? this[UsageAttribute attribute] => Attributes.FirstOrDefault(entry => entry.Attribute == attribute)?.Value;

    /// <summary>One line of JSON, with the attributes and values that are sent.</summary>
    internal string ToJson() => new JsonObject
    {
        ["name"] = Event.Name,
        ["time"] = Time,
        ["attributes"] = new JsonObject(
            Attributes.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Attribute.Key, entry.Value.ToJson()))),
    }.ToJsonString();
}

public sealed record RecordAttribute(UsageAttribute Attribute, AttributeValue Value);

/// <summary>The sender, the same in every record of a session.</summary>
internal sealed record TelemetryResource(ContextId Context, Guid InstanceId, SemanticVersion Version);

/// <summary>
/// Writes records to the program's log, one line of JSON each, in a category of their own. With an endpoint a record is written once, when
/// it is made, just before it is first sent; without one, at each flush, in the form in which it would be sent.
/// </summary>
internal sealed partial class LoggerRecordSink(ILogger<LoggerRecordSink> logger)
{
    public void Write(UsageRecord record)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            LogRecord(record.ToJson());
        }
    }

    [LoggerMessage(LogLevel.Information, "{Record}")]
    private partial void LogRecord(string record);
}
