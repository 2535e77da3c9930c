using Wayleave.Api;
using Wayleave.Enforcement.Targets;
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
}

/// <summary>One target of one <see cref="ClientIntents"/>, seen from its client.</summary>
/// <param name="Client">The workload that calls.</param>
public sealed record EgressIntent(ClientIntents Intents, DeclaredTarget Target, ParsedWorkloadRef Client, Destination Destination);
