using k8s.Models;

namespace Wayleave.Kubernetes.Events;

/// <summary>Records Kubernetes Events. It never blocks or throws: an Event that cannot be recorded is dropped and counted.</summary>
public interface IEventRecorder
{
    /// <param name="type"><c>Normal</c> or <c>Warning</c>.</param>
    /// <param name="reason">The reason in CamelCase, as of a condition.</param>
    /// <param name="action">The action in CamelCase.</param>
    /// <param name="note">The message, truncated to 1,024 bytes of UTF-8.</param>
    void Record(V1ObjectReference regarding, string type, string reason, string action, string note);
}

/// <summary>The reporter of Events.</summary>
/// <param name="Controller">The name of the controller, such as <c>wayleave.dev/operator</c>.</param>
/// <param name="Instance">The name of the Pod.</param>
public sealed record EventSource(string Controller, string Instance)
{
    /// <summary>The annotation for the trace ID of the reconcile that recorded an Event. Null for none.</summary>
    public string? TraceIdAnnotation { get; init; }
}
