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

    /// <summary>Every workload of that name in that namespace.</summary>
    public IReadOnlyList<Workload> Candidates { get; init; } = [];

    /// <summary>False when the namespace does not exist or is being deleted.</summary>
    public required bool NamespaceExists { get; init; }

    /// <summary>What holds in the client's namespace.</summary>
    public required NamespaceRule Rule { get; init; }
}
