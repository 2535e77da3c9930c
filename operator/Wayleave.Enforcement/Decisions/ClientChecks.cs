using Wayleave.Api;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>What can stand in the way of a call on its client's side.</summary>
internal static class ClientChecks
{
    /// <summary>The first thing that is in the way, or null and the client.</summary>
    public static Verdict? Blocks(DeclaredCall call, out Workload? client)
    {
        client = (call.Client as WorkloadResolution.Found)?.Workload;
        var @namespace = call.Intents.Metadata.NamespaceProperty ?? "";
        return ResolutionText.ClientVerdict(call.Client, call.Intents.Spec.Workload, @namespace)
            ?? NamespaceVerdict(call.ClientNamespace, @namespace);
    }

    private static Verdict? NamespaceVerdict(NamespaceState state, string @namespace) => state switch
    {
        NamespaceState.Labelled => null,
        NamespaceState.Missing =>
            Verdict.Pending(Reasons.NamespaceNotFound, $"metadata.namespace: namespace \"{@namespace}\" is not known yet"),
        _ => Verdict.Failed(
            Reasons.NamespaceLabelMissing,
            $"metadata.namespace: namespace \"{@namespace}\" cannot be selected by name"
                + $" (label it {WayleaveLabels.NamespaceName}={@namespace})"),
    };
}
