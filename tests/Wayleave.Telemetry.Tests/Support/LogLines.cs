using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>Keeps what the program logs. An event has the name of the method that logs it.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Text, string? Event)> _lines = new();

    public IReadOnlyList<(LogLevel Level, string Category, string Text, string? Event)> All => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Line(categoryName, _lines);

    public void Dispose()
    {
        // Nothing to release.
    }

    private sealed class Line(string category, ConcurrentQueue<(LogLevel, string, string, string?)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((logLevel, category, formatter(state, exception), eventId.Name));
    }
}
