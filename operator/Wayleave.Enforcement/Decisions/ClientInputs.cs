using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Network;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>All that a decision about one client's egress depends on.</summary>
public sealed record ClientInputs
{
    /// <summary>The client.</summary>
    public required SubjectKey Key { get; init; }

    /// <summary>All targets of all objects that name it as their client. Left empty where egress is not considered, but for internet targets.</summary>
    public IReadOnlyList<DeclaredEgress> Targets { get; init; } = [];

    /// <summary>
    /// True while a domain has not been looked up for the first time. To decide then would take away what the policy opened before the
    /// operator was started, and call a target failed that nobody has tried.
    /// </summary>
    public bool AwaitsAnswers => Targets.Any(target => target.Destination is Destination.ToInternet { Answers: var answers } && answers.Any(answer => !answer.IsKnown));

    /// <summary>Every workload of that name in that namespace.</summary>
    public IReadOnlyList<Workload> Candidates { get; init; } = [];

    /// <summary>Workloads of that name that do not exist now, as they were last known: their Pods may still run.</summary>
    public IReadOnlyList<Workload> LastKnown { get; init; } = [];

    /// <summary>The policies about the client that this installation wrote and that are in force.</summary>
    public IReadOnlyList<V1NetworkPolicy> Existing { get; init; } = [];

    /// <summary>Whether a declaration of the client is invalid while an earlier generation of it is in force: what that opened stays open.</summary>
    public bool IsRetained { get; init; }

    /// <summary>
    /// Whether some declaration in the namespace is invalid while an earlier generation of it is in force. That may have named another client
    /// than it does now, so a policy that nothing else declares stays.
    /// </summary>
    public bool HasRetainedNeighbor { get; init; }

    /// <summary>Whether a protection in the namespace is invalid while an earlier generation of it is in force.</summary>
    public bool HasRetainedProtection { get; init; }

    /// <summary>Whether the client's Pods may reach each other.</summary>
    public bool OwnPods { get; init; } = true;

    /// <summary>What is known of the cluster's network.</summary>
    public ClusterNetwork Network { get; init; } = new();

    /// <summary>False when the namespace does not exist or is being deleted.</summary>
    public required bool NamespaceExists { get; init; }

    /// <summary>What holds in the client's namespace.</summary>
    public required NamespaceRule Rule { get; init; }
}
