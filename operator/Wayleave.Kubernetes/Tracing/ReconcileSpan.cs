using System.Diagnostics;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Queue;

namespace Wayleave.Kubernetes.Tracing;

/// <summary>
/// The activity of one reconcile. Its trace ID is in log lines and Events, with and without tracing; with tracing it is the first span of
/// its trace.
/// </summary>
internal static class ReconcileSpan
{
    public static Activity Start<TKey>(ControllerOptions options, RateLimitingQueue<TKey> queue, TKey key)
        where TKey : struct, INamespacedKey
    {
        if (options.Tracing.StartReconcile(options.Kind) is not { } span)
        {
            // Only its ID is used.
            return new Activity(options.Name) { IsAllDataRequested = false }.Start();
        }

        if (span.IsAllDataRequested)
        {
            span.SetObject(options.Kind, key.Namespace, key.Name, options.Cluster);
            span.SetTag(SpanAttributes.Controller, options.Name);
            span.SetTag(SpanAttributes.Attempt, queue.NumRequeues(key) + 1);
            span.SetTag(SpanAttributes.QueueWait, queue.GetWait(key)?.TotalSeconds);
        }

        return span;
    }

    public static void SetResult(this Activity span, string result, string? reason = null)
    {
        if (span.IsAllDataRequested)
        {
            span.SetTag(SpanAttributes.Result, result);
            span.SetTag(SpanAttributes.Reason, reason);
        }
    }

    public static void SetFailed(this Activity span, Exception error)
    {
        if (span.IsAllDataRequested)
        {
            span.SetTag(SpanAttributes.Result, "error");
            span.SetError(error);
        }
    }
}
