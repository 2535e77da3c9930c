using System.Diagnostics;
using k8s;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Kubernetes.Tracing;

/// <summary>The current span, and what spans say about failures.</summary>
internal static class Spans
{
    /// <summary>
    /// Null if tracing is off. Also null if the span has ended: work that a reconcile started, such as a watch, is not part of it.
    /// </summary>
    public static Activity? Current => Activity.Current is { IsAllDataRequested: true, IsStopped: false } span ? span : null;

    /// <summary>Adds the object that the span is about. An empty or null value is left out.</summary>
    public static void SetObject(this Activity span, string kind, string? @namespace, string? name, string? cluster)
    {
        span.SetTag(SpanAttributes.Kind, kind);
        span.SetTag(SpanAttributes.Namespace, string.IsNullOrEmpty(@namespace) ? null : @namespace);
        span.SetTag(SpanAttributes.Name, string.IsNullOrEmpty(name) ? null : name);
        span.SetTag(SpanAttributes.Cluster, cluster);
    }

    /// <summary>
    /// Sets the status Error and the type of the error. The message is left out, because it can quote objects; the log has it under the
    /// same trace ID.
    /// </summary>
    public static void SetError(this Activity span, Exception error)
    {
        span.SetStatus(ActivityStatusCode.Error);
        span.SetTag(SpanAttributes.ErrorType, ErrorType.FromException(error));
    }
}

/// <summary>The value of <c>error.type</c>. It never contains the message, which can quote objects.</summary>
public static class ErrorType
{
    /// <summary>The status code of the API server's response, or the full name of the exception's type.</summary>
    public static string FromException(Exception error) => error is KubernetesException refusal
        ? ((int)refusal.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : error.GetType().FullName!;
}

/// <summary>
/// The names of attributes. Those without the prefix <c>wayleave.</c> are of OpenTelemetry's semantic conventions.
/// </summary>
public static class SpanAttributes
{
    public const string Namespace = "k8s.namespace.name";

    /// <summary>Set for member clusters only.</summary>
    public const string Cluster = "k8s.cluster.name";

    /// <summary>The full name of an exception's type, or the status code of the API server's response.</summary>
    public const string ErrorType = "error.type";

    public const string Kind = "wayleave.object.kind";

    public const string Name = "wayleave.object.name";

    /// <summary>The controller, as in the label <c>controller</c> of metrics.</summary>
    public const string Controller = "wayleave.controller";

    /// <summary>The result, as in the label <c>result</c> of metrics, or <c>interrupted</c>.</summary>
    public const string Result = "wayleave.reconcile.result";

    /// <summary>The reason of a stalled object.</summary>
    public const string Reason = "wayleave.reconcile.reason";

    /// <summary>1 for the first attempt, and for the first after a success.</summary>
    public const string Attempt = "wayleave.reconcile.attempt";

    /// <summary>How long the key waited in the queue, in seconds.</summary>
    public const string QueueWait = "wayleave.queue.wait";
}
