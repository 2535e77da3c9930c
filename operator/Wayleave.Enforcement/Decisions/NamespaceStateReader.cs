using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Decisions;

public static class NamespaceStateReader
{
    /// <summary>The state of a namespace; null for one that does not exist. A label with another name counts as missing.</summary>
    public static NamespaceState GetState(V1Namespace? @namespace)
    {
        if (@namespace is null)
        {
            return NamespaceState.Missing;
        }

        var label = @namespace.Metadata.Labels.Find(WayleaveLabels.NamespaceName);
        return label is not null && label == @namespace.Metadata.Name ? NamespaceState.Labeled : NamespaceState.Unlabeled;
    }
}

/// <summary>Whether a rule can match the pods of a namespace.</summary>
public enum NamespaceState
{
    /// <summary>It exists and carries the label with its own name.</summary>
    Labeled,

    /// <summary>It lacks that label: API servers before 1.21 do not set it.</summary>
    Unlabeled,

    /// <summary>It does not exist.</summary>
    Missing,

    /// <summary>The operator does not watch it, so whether it exists is not known.</summary>
    NotWatched,
}
