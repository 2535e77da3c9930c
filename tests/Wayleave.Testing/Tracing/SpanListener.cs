using System.Collections.Concurrent;
using System.Diagnostics;

namespace Wayleave.Testing.Tracing;

/// <summary>
/// Records all spans of one source name in this process, also those of tests that run at the same time. Select yours by a name of their own.
/// Thread-safe.
/// </summary>
public sealed class SpanListener : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public SpanListener(string source)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = heard => heard.Name == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans that have ended, in that order.</summary>
    public IReadOnlyList<Activity> Ended => [.. _ended];

    /// <summary>The ended spans that have this value of an attribute.</summary>
    public IReadOnlyList<Activity> With(string attribute, object value) => [.. _ended.Where(span => value.Equals(span.GetTagItem(attribute)))];

    public void Dispose() => _listener.Dispose();
}
