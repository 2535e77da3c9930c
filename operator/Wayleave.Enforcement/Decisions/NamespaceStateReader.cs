using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Reads a namespace's state.</summary>
public static class NamespaceStateReader
{
    /// <summary>The state of a namespace; null for one that does not exist. A label with another name is as good as none.</summary>
    public static NamespaceState Of(V1Namespace? @namespace)
    {
        if (@namespace is null)
        {
            return NamespaceState.Missing;
        }

        var label = @namespace.Metadata.Labels.Find(WayleaveLabels.NamespaceName);
        return label is not null && label == @namespace.Metadata.Name ? NamespaceState.Labelled : NamespaceState.Unlabelled;
    }
}
