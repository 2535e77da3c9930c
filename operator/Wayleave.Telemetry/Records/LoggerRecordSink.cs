using Microsoft.Extensions.Logging;

namespace Wayleave.Telemetry.Records;

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
