using System.Collections.Concurrent;
using System.Diagnostics;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Events;

namespace Wayleave.Operator.Tests.Tracing;

/// <summary>Keeps the trace IDs under which log lines about objects and Events are written, as the program's log and recorder do.</summary>
internal sealed class TraceLog : ILoggerProvider, ILogger, IEventRecorder
{
    private readonly ConcurrentQueue<(string Object, string TraceId)> _lines = new();
    private readonly ConcurrentQueue<(string Object, string TraceId)> _events = new();

    public IReadOnlyList<(string Object, string TraceId)> Lines => [.. _lines];

    public IReadOnlyList<(string Object, string TraceId)> Events => [.. _events];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (state is IEnumerable<KeyValuePair<string, object?>> properties
            && properties.FirstOrDefault(property => property.Key == "ObjectName").Value is string name)
        {
            _lines.Enqueue((name, CurrentTrace()));
        }
    }

    public void Record(V1ObjectReference regarding, string type, string reason, string action, string note) =>
        _events.Enqueue((regarding.Name!, CurrentTrace()));

    public void Dispose()
    {
        // Nothing to dispose of.
    }

    private static string CurrentTrace() => Activity.Current?.TraceId.ToHexString() ?? "";
}
