using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Wayleave.Telemetry.Export;

/// <summary>
/// Makes a log record say what our record says and no more: its own time instead of that of the attempt, so that a retry has the same
/// bytes; the event's name as its body, which is what most log backends show; and no trace, which could be matched with the operator's own.
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
