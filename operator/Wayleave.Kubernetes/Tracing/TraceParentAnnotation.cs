using System.Diagnostics;
using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Tracing;

/// <summary>
/// The annotation in which a pipeline names the trace of its edit, in the format of W3C's header <c>traceparent</c>. It is untrusted: a
/// value that is not exactly of that format counts as absent.
/// </summary>
public static class TraceParentAnnotation
{
    public const string Name = "tracing.k8s.io/traceparent";

    private const int ValueLength = 55;

    // A policy can have thousands of declarations.
    private const int MaxLinks = 32;

    /// <summary>The value of the annotation. Null if the object has no valid one.</summary>
    public static string? Find(IKubernetesObject<V1ObjectMeta> entity) =>
        entity.Metadata?.Annotations.Find(Name) is { } value && TryParse(value, out _) ? value : null;

    /// <summary>Links the span of the running reconcile to the trace that the object names.</summary>
    public static void LinkCurrentSpan(IKubernetesObject<V1ObjectMeta> entity)
    {
        if (Spans.Current is { } span)
        {
            Link(span, entity);
        }
    }

    /// <summary>Links the span of the running reconcile to the traces that the objects name: each once, and at most 32.</summary>
    public static void LinkCurrentSpan<T>(IReadOnlyList<T> sources, Func<T, IKubernetesObject<V1ObjectMeta>> getObject)
    {
        if (Spans.Current is { } span)
        {
            foreach (var source in sources)
            {
                Link(span, getObject(source));
            }
        }
    }

    private static void Link(Activity span, IKubernetesObject<V1ObjectMeta> entity)
    {
        if (entity.Metadata?.Annotations.Find(Name) is { } value
            && TryParse(value, out var context)
            && span.Links.Take(MaxLinks).All(link => link.Context != context)
            && span.Links.Count() < MaxLinks)
        {
            span.AddLink(new ActivityLink(context));
        }
    }

    // The framework's parser accepts other separators too.
    private static bool TryParse(string value, out ActivityContext context)
    {
        context = default;
        return value is { Length: ValueLength } && value[2] == '-' && value[35] == '-' && value[52] == '-'
            && ActivityContext.TryParse(value, traceState: null, isRemote: true, out context);
    }
}
