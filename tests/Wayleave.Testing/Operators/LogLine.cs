using System.Text.Json;

namespace Wayleave.Testing.Operators;

/// <summary>One line of the operator's log.</summary>
/// <param name="Time">The time of the operator's clock.</param>
/// <param name="Level">The level as in the log. Empty for a line that is not a log entry, such as one of an exception.</param>
public sealed record LogLine(DateTimeOffset Time, string Level, string Category, int EventId, string Message)
{
    /// <summary>Parses a line. Never fails: a line that is not a log entry becomes the message.</summary>
    public static LogLine Parse(string line)
    {
        try
        {
            using var entry = JsonDocument.Parse(line);
            var root = entry.RootElement;
            return new LogLine(
                root.GetProperty("Timestamp").GetDateTimeOffset(),
                root.GetProperty("LogLevel").GetString()!,
                root.GetProperty(nameof(Category)).GetString()!,
                root.GetProperty(nameof(EventId)).GetInt32(),
                root.GetProperty(nameof(Message)).GetString()!);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new LogLine(DateTimeOffset.MinValue, "", "", 0, line);
        }
    }
}
