using Wayleave.Testing.ControlPlane;

namespace Wayleave.Testing.Operators;

/// <summary>The progress of a running operator, from its metrics and log.</summary>
public static class OperatorProgress
{
    /// <summary>
    /// Waits until all keys that were added to the work queues have been processed, and at least <paramref name="keys"/> were. Never completes for a
    /// standby, which does not process its queues.
    /// </summary>
    public static Task WaitUntilIdleAsync(this OperatorProcess running, int keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(running);
        return Poll.UntilAsync(
            $"the operator's queues to be empty after {keys} keys",
            async token =>
            {
                var metrics = await running.ReadMetricsAsync(token);
                return (Added: metrics.Sum("workqueue_adds_total"), Worked: metrics.Sum("workqueue_work_duration_seconds_count"), Depth: metrics.Sum("workqueue_depth"));
            },
            queues => queues.Worked >= keys && queues.Added == queues.Worked && queues.Depth == 0,
            Poll.Patience,
            cancellationToken);
    }

    /// <summary>Waits until the event is in the log.</summary>
    /// <exception cref="TimeoutException">It was not logged. The message has the end of the log.</exception>
    public static async Task<LogLine> WaitForLogAsync(
        this OperatorProcess running, LogEvent logged, TimeSpan? deadline = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(running);
        try
        {
            return await Poll.UntilAsync(
                $"{logged.Method} of {logged.Type} in the operator's log",
                _ => Task.FromResult(running.Lines().FirstOrDefault(logged.IsIn)),
                deadline ?? Poll.Patience,
                cancellationToken);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message}\n{string.Join('\n', running.Log.TakeLast(10))}", error);
        }
    }

    /// <summary>The parsed log so far.</summary>
    public static IReadOnlyList<LogLine> Lines(this OperatorProcess running)
    {
        ArgumentNullException.ThrowIfNull(running);
        return [.. running.Log.Select(LogLine.Parse)];
    }

    /// <summary>The sum of all series of a metric, or of those whose labels contain all of the given texts.</summary>
    public static double Sum(this IReadOnlyDictionary<string, double> metrics, string name, params IReadOnlyList<string> labels) => metrics
        .Where(sample => sample.Key == name || sample.Key.StartsWith(name + "{", StringComparison.Ordinal))
        .Where(sample => labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal)))
        .Sum(sample => sample.Value);
}
