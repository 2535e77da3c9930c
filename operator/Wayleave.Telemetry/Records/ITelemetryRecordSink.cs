using Microsoft.Extensions.Logging;

namespace Wayleave.Telemetry.Records;

/// <summary>
/// Shows records locally. With an endpoint a record is shown once, when it is made, just before it is first sent; without one, at
/// each flush, in the form in which it would be sent.
/// </summary>
public interface ITelemetryRecordSink
{
    /// <summary>Called from one thread at a time. Must not throw.</summary>
    void Show(UsageRecord record);
}

/// <summary>Shows records in the program's log, one line of JSON each, in a category of their own.</summary>
internal sealed partial class LoggerRecordSink(ILogger<LoggerRecordSink> logger) : ITelemetryRecordSink
{
    public void Show(UsageRecord record)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            var line = RecordJson.Write(record);
            LogRecord(line);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Record}")]
    private partial void LogRecord(string record);
}

/// <summary>Writes nothing. The default.</summary>
internal sealed class NullRecordSink : ITelemetryRecordSink
{
    public void Show(UsageRecord record)
    {
        // Local output of records is off.
    }
}
