using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Wayleave.Sensor.Tests.Support;

/// <summary>Counts the lines that were logged.</summary>
internal sealed class FakeLogger<T> : ILogger<T>
{
    private readonly ConcurrentQueue<LogLevel> _lines = new();

    public int Count => _lines.Count;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue(logLevel);
}
