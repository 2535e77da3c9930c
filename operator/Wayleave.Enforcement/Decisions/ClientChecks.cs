using Wayleave.Api;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>What can stand in the way of a call on its client's side.</summary>
internal static class ClientChecks
{
    /// <summary>
    /// Why a call does not count at all: it neither isolates the server nor is it allowed. Null when it counts.
    /// </summary>
    public static TargetResult? Ignored(DeclaredCall call)
    {
        var @namespace = call.Intents.Metadata.NamespaceProperty ?? "";
        if (!call.IsAccepted)
        {
            return TargetResult.Failed(
                Reasons.NotAccepted,
                $"metadata.namespace: servers in namespace {SanitizedText.Quote(call.Reference.Server.Namespace)} accept no ClientIntents from namespace"
                    + $" {SanitizedText.Quote(@namespace)}; have it added to spec.acceptFrom of the EnforcementPolicy there");
        }

        return Known(call) is { HostNetwork: true } client ? HostNetwork(client) : null;
    }

    /// <summary>
    /// The one workload that is the client; of one that does not exist now, its Pods may still run. Null when it is not known.
    /// </summary>
    public static Workload? Known(DeclaredCall call) =>
        call.Client is WorkloadResolution.Found found ? found.Workload : call.LastKnownClient;

    /// <summary>Why the call is not enforced. Null if it is.</summary>
    /// <param name="call">The call.</param>
    /// <param name="client">
    /// Whose Pods are to be allowed: also of a client that does not exist now and whose Pods may still run. Null when there are none.
    /// </param>
    public static TargetResult? Problem(DeclaredCall call, out Workload? client)
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
            return found.HasHostNetwork ? HostNetwork(found) : null;
        }

        client = call.Client is WorkloadResolution.NotFound ? call.LastKnownClient : null;
        return ResolutionMessages.ClientResult(call.Client, call.Intents, call.LastKnownClient);
    }

    private static TargetResult HostNetwork(Workload client) => TargetResult.Failed(
        Reasons.HostNetwork,
        $"spec.workload: {(client.HostNetwork ? "" : "some of ")}the Pods of {SanitizedText.Quote(client.DeclaredName)} use the host network and call from the addresses of"
            + " their nodes, which no Pod selector matches; allow these in spec.allow.from[].ipBlock of the EnforcementPolicy of the server's namespace");

    private static TargetResult? NamespaceResult(NamespaceState state, string @namespace) => state switch
    {
        NamespaceState.Labelled => null,
        NamespaceState.Missing =>
            TargetResult.Pending(
                Reasons.NamespaceNotFound,
                $"metadata.namespace: there is no namespace {SanitizedText.Quote(@namespace)} yet; it is awaited"),
        _ => TargetResult.Failed(
            Reasons.NamespaceLabelMissing,
            $"metadata.namespace: namespace {SanitizedText.Quote(@namespace)} cannot be selected by name; label it {WayleaveLabels.NamespaceName}={@namespace}"),
    };
}
