using k8s.Models;

namespace Wayleave.Kubernetes.Events;

/// <summary>Records Kubernetes Events. Never blocks and never throws: an Event that cannot be recorded is dropped and counted.</summary>
public interface IEventRecorder
{
    /// <param name="regarding">What the Event is about.</param>
    /// <param name="type"><c>Normal</c> or <c>Warning</c>.</param>
    /// <param name="reason">Why, in one CamelCase word: the reason of a condition.</param>
    /// <param name="action">What was done or tried, in one CamelCase word.</param>
    /// <param name="note">For people; cut at 1,024 bytes of UTF-8.</param>
    void Record(V1ObjectReference regarding, string type, string reason, string action, string note);
}
