using System.Text.Json;

namespace Wayleave.Testing.Operators;

/// <summary>One line of the operator's log.</summary>
/// <param name="Time">By the operator's clock.</param>
/// <param name="Level">As the log spells it; empty for a line that is no log entry, such as an exception's.</param>
public sealed record LogLine(DateTimeOffset Time, string Level, string Category, string Message)
{
    /// <summary>Never fails: what is no log entry is all message.</summary>
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
                root.GetProperty(nameof(Message)).GetString()!);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new LogLine(DateTimeOffset.MinValue, "", "", line);
        }
    }
}
