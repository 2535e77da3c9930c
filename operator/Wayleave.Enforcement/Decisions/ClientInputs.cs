using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Workloads;

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

    /// <summary>False when the namespace does not exist or is being deleted.</summary>
    public required bool NamespaceExists { get; init; }

    /// <summary>What holds in the client's namespace.</summary>
    public required NamespaceRule Rule { get; init; }
}
