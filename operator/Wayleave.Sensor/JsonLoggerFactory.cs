using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Wayleave.Sensor;

/// <summary>
/// Writes lines of JSON with the fields of .NET's own JSON console, which would bring configuration, options and dependency injection into
/// the memory of each node. Thread-safe.
/// </summary>
/// <param name="output">Gets whole lines. It stays open.</param>
/// <param name="level">Lower levels are left out.</param>
internal sealed class JsonLoggerFactory(Stream output, LogLevel level, TimeProvider time) : ILoggerFactory
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    // Not for a web page: quotes may stay readable, control characters are still escaped.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("there is one output");

    public void Dispose()
    {
        // Each line was written when it was logged.
    }

    private bool IsEnabled(LogLevel logLevel) => logLevel >= level && logLevel != LogLevel.None;

    private void Write(Action<Utf8JsonWriter> writeFields)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, _options))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp", time.GetUtcNow().ToString(TimeFormat, CultureInfo.InvariantCulture));
            writeFields(json);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        lock (_lock)
        {
            output.Write(line.WrittenSpan);
            output.Flush();
        }
    }

    private sealed class Logger(JsonLoggerFactory logging, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logging.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            logging.Write(json =>
            {
                json.WriteNumber("EventId", eventId.Id);
                json.WriteString("LogLevel", logLevel.ToString());
                json.WriteString("Category", category);
                json.WriteString("Message", formatter(state, exception));
                if (exception is not null)
                {
                    json.WriteString("Exception", exception.ToString());
                }

                WriteState(json, state as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
            });
        }

        private static void WriteState(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> state)
        {
            json.WriteStartObject("State");
            foreach (var (name, value) in state)
            {
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
            }

            json.WriteEndObject();
        }
    }
}
