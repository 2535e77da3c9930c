using k8s.Models;
using Wayleave.Telemetry.Profile;

namespace Wayleave.Operator.Telemetry;

/// <summary>Tells kinds of tools by their field managers. Pure, and a closed list: a manager that is not on it is just another.</summary>
internal static class FieldManagers
{
    public static ChangeSources SourceOf(V1ObjectMeta metadata)
    {
        var sources = ChangeSources.None;
        foreach (var entry in metadata.ManagedFields ?? [])
        {
            sources |= SourceOf(entry.Manager ?? "");
        }

        return sources;
    }

    private static ChangeSources SourceOf(string manager) => manager switch
    {
        _ when manager.StartsWith("wayleave", StringComparison.Ordinal) => ChangeSources.None,
        "helm" or "Helm" => ChangeSources.Helm,
        "kustomize-controller" or "helm-controller" or "fleetagent" => ChangeSources.GitOps,
        _ when manager.StartsWith("argocd", StringComparison.Ordinal) => ChangeSources.GitOps,
        _ when manager.StartsWith("kubectl", StringComparison.Ordinal) => ChangeSources.Kubectl,
        _ => ChangeSources.Other,
    };
}
