using System.Diagnostics;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Queue;

namespace Wayleave.Kubernetes.Tracing;

/// <summary>
/// The activity of one reconcile. Its trace ID is in log lines and Events, with and without tracing; with tracing it is the first span of
/// its trace. It gets attributes when the result is known, and only if it is exported: it is selected, or it failed.
/// </summary>
internal readonly struct ReconcileSpan<TKey> : IDisposable
    where TKey : struct, INamespacedKey
{
    private readonly Activity _activity;
    private readonly ControllerOptions _options;
    private readonly RateLimitingQueue<TKey> _queue;
    private readonly TKey _key;

    public ReconcileSpan(ControllerOptions options, RateLimitingQueue<TKey> queue, TKey key)
    {
        (_options, _queue, _key) = (options, queue, key);

        // Without tracing only its ID is used.
        _activity = options.Tracing.StartReconcile(options.Kind) ?? new Activity(options.Name) { IsAllDataRequested = false }.Start();
        if (queue.GetCause(key) is { } cause)
        {
            _activity.SetCustomProperty(ReconcileCause.Property, cause.ToHexString());
        }
    }

    /// <summary>Call before the queue forgets the key.</summary>
    public void SetResult(string result, string? reason = null)
    {
        if (_activity is { IsAllDataRequested: true, Recorded: true })
        {
            SetAttributes(result);
            _activity.SetTag(SpanAttributes.Reason, reason);
        }
    }

    /// <summary>Call before the key is queued again.</summary>
    public void SetFailed(Exception error)
    {
        if (_activity.IsAllDataRequested)
        {
            SetAttributes("error");
            _activity.SetError(error);
        }
    }

    public void Dispose() => _activity.Dispose();

    private void SetAttributes(string result)
    {
        _activity.SetObject(_options.Kind, _key.Namespace, _key.Name, _options.Cluster);
        _activity.SetTag(SpanAttributes.Controller, _options.Name);
        _activity.SetTag(SpanAttributes.Attempt, _queue.NumRequeues(_key) + 1);
        _activity.SetTag(SpanAttributes.QueueWait, _queue.GetWait(_key)?.TotalSeconds);
        _activity.SetTag(SpanAttributes.Result, result);
    }
}

/// <summary>The reconcile that caused the running one, by enqueuing its key.</summary>
public static class ReconcileCause
{
    internal const string Property = "wayleave.cause";

    /// <summary>Its trace ID. Null if no reconcile runs, nothing caused it, or its queue does not remember causes.</summary>
    public static string? Find()
    {
        for (var activity = Activity.Current; activity is { IsStopped: false }; activity = activity.Parent)
        {
            if (activity.GetCustomProperty(Property) is string cause)
            {
                return cause;
            }
        }

        return null;
    }
}
