using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Wayleave.Operator.Tests.Meaning.Running;

/// <summary>Keeps the properties of all log messages, so that tests do not match their text.</summary>
internal sealed class KeptLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, IReadOnlyDictionary<string, string> Properties)> _entries = new();

    public IReadOnlyList<IReadOnlyDictionary<string, string>> At(LogLevel level) =>
        [.. _entries.Where(entry => entry.Level == level).Select(entry => entry.Properties)];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (state is IEnumerable<KeyValuePair<string, object?>> properties)
        {
            _entries.Enqueue((logLevel, properties.ToDictionary(one => one.Key, one => one.Value?.ToString() ?? "", StringComparer.Ordinal)));
        }
    }

    public void Dispose()
    {
        // Nothing to dispose of.
    }
}
