using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Wayleave.Telemetry.Export;

/// <summary>
/// Makes a log record say what our record says and no more: its own time instead of that of the attempt, so that a retry has the same
/// bytes; no body; and no trace, which could be matched with the operator's own.
/// </summary>
internal sealed class RecordStamp : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        if (data.Attributes is RecordState state)
        {
            data.Timestamp = state.Record.Time.UtcDateTime;
            data.ObservedTimestamp = state.Record.Time.UtcDateTime;
        }

        data.FormattedMessage = null;
        data.Body = null;
        data.TraceId = default;
        data.SpanId = default;
        data.TraceFlags = default;
        data.TraceState = null;
    }
}
