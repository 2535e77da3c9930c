using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Events;

/// <summary>An Event on its way to the API server.</summary>
internal sealed record RecordedEvent(V1ObjectReference Regarding, string Type, string Reason, string Action, string Note)
{
    /// <summary>Two of the same key are one Event that happened twice.</summary>
    public EventKey Key => new(Regarding.Kind, Regarding.NamespaceProperty, Regarding.Name, Regarding.Uid, Type, Reason, Note);
}
