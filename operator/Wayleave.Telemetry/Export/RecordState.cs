using System.Collections;
using OpenTelemetry;
using OpenTelemetry.Logs;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Export;

/// <summary>A record in the form in which the OpenTelemetry SDK takes a log call's attributes.</summary>
internal sealed class RecordState(UsageRecord record) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public UsageRecord Record => record;

    public int Count => record.Attributes.Length;

    public KeyValuePair<string, object?> this[int index] =>
        new(record.Attributes[index].Attribute.Key, record.Attributes[index].Value.Raw);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>
/// Makes a log record contain only our record: its own time instead of that of the attempt, so that a retry has the same bytes; the event's
/// name as its body, which is what most log backends show; and no trace, which could be matched with the operator's own.
/// </summary>
internal sealed class RecordStamp : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        data.Body = null;
        if (data.Attributes is RecordState state)
        {
            data.Body = state.Record.Event.Name;
            data.Timestamp = state.Record.Time.UtcDateTime;
            data.ObservedTimestamp = state.Record.Time.UtcDateTime;
        }

        data.FormattedMessage = null;
        data.TraceId = default;
        data.SpanId = default;
        data.TraceFlags = default;
        data.TraceState = null;
    }
}
