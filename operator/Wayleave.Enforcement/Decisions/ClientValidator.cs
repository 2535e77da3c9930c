using Wayleave.Api;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Validates the client of an intent.</summary>
internal static class ClientValidator
{
    /// <summary>
    /// The result of an intent that is ignored: it neither isolates the server nor allows a client. Null if the intent counts.
    /// </summary>
    public static TargetResult? GetIgnoredResult(IngressIntent call)
    {
        var @namespace = call.Intents.Metadata.NamespaceProperty ?? "";
        if (!call.IsAccepted)
        {
            return TargetResult.Failed(
                Reasons.NotAccepted,
                $"metadata.namespace: servers in namespace {TextSanitizer.Quote(call.Reference.Server.Namespace)} accept no ClientIntents from namespace"
                    + $" {TextSanitizer.Quote(@namespace)}; have it added to spec.acceptFrom of the EnforcementPolicy there");
        }

        return FindKnownClient(call) is { AllPodsUseHostNetwork: true } client ? HostNetwork(client) : null;
    }

    /// <summary>
    /// The workload of the client, or the last known one if it no longer exists, because its Pods may still run. Null if unknown.
    /// </summary>
    public static Workload? FindKnownClient(IngressIntent call) =>
        call.Client is WorkloadResolution.Found found ? found.Workload : call.LastKnownClient;

    /// <summary>Why the call is not enforced. Null if it is.</summary>
    /// <param name="call">The call.</param>
    /// <param name="client">
    ///  The workload to allow, or the last known one if it no longer exists, because its Pods may still run. Null for none.
    /// </param>
    public static TargetResult? Validate(IngressIntent call, out Workload? client)
    {
        client = null;
        var @namespace = call.Intents.Metadata.NamespaceProperty ?? "";
        if (NamespaceResult(call.ClientNamespace, @namespace) is { } result)
        {
            return result;
        }

        if (call.Client is WorkloadResolution.Found { Workload: var found })
        {
            client = found;
            return found.AnyPodUsesHostNetwork ? HostNetwork(found) : null;
        }

        client = call.Client is WorkloadResolution.NotFound ? call.LastKnownClient : null;
        return ResolutionMessages.ClientResult(call.Client, call.Intents, call.LastKnownClient);
    }

    private static TargetResult HostNetwork(Workload client) => TargetResult.Failed(
        Reasons.HostNetwork,
        $"spec.workload: {(client.AllPodsUseHostNetwork ? "" : "some of ")}the Pods of {TextSanitizer.Quote(client.DeclaredName)} use the host network and call from the addresses of"
            + " their nodes, which no Pod selector matches; allow these in spec.allow.from[].ipBlock of the EnforcementPolicy of the server's namespace");

    private static TargetResult? NamespaceResult(NamespaceState state, string @namespace) => state switch
    {
        NamespaceState.Labeled => null,
        NamespaceState.Missing =>
            TargetResult.Pending(
                Reasons.NamespaceNotFound,
                $"metadata.namespace: there is no namespace {TextSanitizer.Quote(@namespace)} yet; waiting for it"),
        _ => TargetResult.Failed(
            Reasons.NamespaceLabelMissing,
            $"metadata.namespace: namespace {TextSanitizer.Quote(@namespace)} cannot be selected by name; label it {WayleaveLabels.NamespaceName}={@namespace}"),
    };
}
