using k8s.Models;

namespace Wayleave.Kubernetes.Events;

/// <summary>An Event on its way to the API server.</summary>
internal sealed record RecordedEvent(V1ObjectReference Regarding, string Type, string Reason, string Action, string Note)
{
    /// <summary>Two of the same key are one Event that happened twice.</summary>
    public EventKey Key => new(Regarding.Kind, Regarding.NamespaceProperty, Regarding.Name, Regarding.Uid, Type, Reason, Note);

    /// <summary>The same, with a reference that says a namespace.</summary>
    public RecordedEvent ReferredIn(string @namespace) => this with
    {
        Regarding = new V1ObjectReference
        {
            ApiVersion = Regarding.ApiVersion,
            Kind = Regarding.Kind,
            Name = Regarding.Name,
            NamespaceProperty = @namespace,
            Uid = Regarding.Uid,
            ResourceVersion = Regarding.ResourceVersion,
        },
    };
}
