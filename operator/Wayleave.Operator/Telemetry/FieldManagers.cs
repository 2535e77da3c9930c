using k8s.Models;
using Wayleave.Telemetry.Profile;

namespace Wayleave.Operator.Telemetry;

/// <summary>Maps field managers to kinds of tools. A closed list: a manager that is not on it counts as another tool. Pure.</summary>
internal static class FieldManagers
{
    public static ChangeSources GetSources(V1ObjectMeta metadata)
    {
        var sources = ChangeSources.None;
        foreach (var entry in metadata.ManagedFields ?? [])
        {
            sources |= GetSource(entry.Manager ?? "");
        }

        return sources;
    }

    private static ChangeSources GetSource(string manager) => manager switch
    {
        _ when manager.StartsWith("wayleave", StringComparison.Ordinal) => ChangeSources.None,
        "helm" or "Helm" => ChangeSources.Helm,
        "kustomize-controller" or "helm-controller" or "fleetagent" => ChangeSources.GitOps,
        _ when manager.StartsWith("argocd", StringComparison.Ordinal) => ChangeSources.GitOps,
        _ when manager.StartsWith("kubectl", StringComparison.Ordinal) => ChangeSources.Kubectl,
        _ => ChangeSources.Other,
    };
}
