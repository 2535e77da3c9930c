using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>One target of a <see cref="ClientIntents"/> with its resolved client.</summary>
/// <param name="Target">The parsed target. Its server is the one being decided.</param>
/// <param name="Client">The workload that calls.</param>
/// <param name="ClientNamespace">The state of the namespace that the client, and the object, is in.</param>
public sealed record IngressIntent(
    ClientIntents Intents,
    DeclaredTarget Target,
    WorkloadResolution Client,
    NamespaceState ClientNamespace)
{
    /// <summary>Every workload that has the client's name.</summary>
    public IReadOnlyList<Workload> ClientCandidates { get; init; } = [];

    /// <summary>The last known workloads of the client's name and kind that no longer exist or no longer match.</summary>
    public IReadOnlyList<Workload> LastKnownClients { get; init; } = [];

    /// <summary>The candidates if the name of the client is ambiguous. Their existing rules stay.</summary>
    public IEnumerable<Workload> PossibleClients => Client switch
    {
        WorkloadResolution.Ambiguous ambiguous =>
            ClientCandidates.Where(candidate => ambiguous.Kinds.Contains(candidate.Kind)).Concat(LastKnownClients),
        WorkloadResolution.NotFound when LastKnownClient is null => LastKnownClients,
        _ => [],
    };

    /// <summary>The last known client if it no longer exists, because its Pods may still run. Null if it was never seen.</summary>
    public Workload? LastKnownClient { get; init; }

    /// <summary>Whether the EnforcementPolicy of the server's namespace accepts ClientIntents from the client's namespace.</summary>
    public bool IsAccepted { get; init; } = true;

    public TargetReference Reference => Target.Reference!;

    /// <summary>
    /// The workload of the client, or the last known one if it no longer exists, because its Pods may still run. Null if unknown.
    /// </summary>
    internal Workload? KnownClient => Client is WorkloadResolution.Found found ? found.Workload : LastKnownClient;

    private string Namespace => Intents.Metadata.NamespaceProperty ?? "";

    /// <summary>
    /// The result of an intent that is ignored: it neither isolates the server nor allows a client. Null if the intent counts.
    /// </summary>
    internal TargetResult? GetIgnoredResult()
    {
        if (!IsAccepted)
        {
            return TargetResult.Failed(
                Reasons.NotAccepted,
                $"metadata.namespace: servers in namespace {TextSanitizer.Quote(Reference.Server.Namespace)} accept no ClientIntents from namespace"
                    + $" {TextSanitizer.Quote(Namespace)}; have it added to spec.acceptFrom of the EnforcementPolicy there");
        }

        return KnownClient is { AllPodsUseHostNetwork: true } client ? HostNetwork(client) : null;
    }

    /// <summary>Why the call is not enforced. Null if it is.</summary>
    /// <param name="client">
    /// The workload to allow, or the last known one if it no longer exists, because its Pods may still run. Null for none.
    /// </param>
    internal TargetResult? ValidateClient(out Workload? client)
    {
        client = null;
        if (ValidateNamespace() is { } result)
        {
            return result;
        }

        if (Client is WorkloadResolution.Found { Workload: var found })
        {
            client = found;
            return found.AnyPodUsesHostNetwork ? HostNetwork(found) : null;
        }

        client = Client is WorkloadResolution.NotFound ? LastKnownClient : null;
        return ResolutionMessages.ClientResult(Client, Intents, LastKnownClient);
    }

    private static TargetResult HostNetwork(Workload client) => TargetResult.Failed(
        Reasons.HostNetwork,
        $"spec.workload: {(client.AllPodsUseHostNetwork ? "" : "some of ")}the Pods of {TextSanitizer.Quote(client.DeclaredName)} use the host network and call from the addresses of"
            + " their nodes, which no Pod selector matches; allow these in spec.allow.from[].ipBlock of the EnforcementPolicy of the server's namespace");

    private TargetResult? ValidateNamespace() => ClientNamespace switch
    {
        NamespaceState.Labeled => null,
        NamespaceState.Missing =>
            TargetResult.Pending(
                Reasons.NamespaceNotFound,
                $"metadata.namespace: there is no namespace {TextSanitizer.Quote(Namespace)} yet; waiting for it"),
        _ => TargetResult.Failed(
            Reasons.NamespaceLabelMissing,
            $"metadata.namespace: namespace {TextSanitizer.Quote(Namespace)} cannot be selected by name; label it {WayleaveLabels.NamespaceName}={Namespace}"),
    };
}

/// <summary>One target of one <see cref="ClientIntents"/>, seen from its client.</summary>
/// <param name="Client">The workload that calls.</param>
public sealed record EgressIntent(ClientIntents Intents, DeclaredTarget Target, ParsedWorkloadRef Client, Destination Destination);
