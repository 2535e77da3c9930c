using Wayleave.Api;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>All that a decision about one server depends on. It is gathered from caches; the decision reads nothing else.</summary>
public sealed record ServerInputs
{
    /// <summary>The server.</summary>
    public required SubjectKey Key { get; init; }

    /// <summary>The calls that name it, in any order.</summary>
    public IReadOnlyList<DeclaredCall> Calls { get; init; } = [];

    /// <summary>
    /// The protections that name it. For a Service: those of the workloads whose pods it selects. They make its policy be written in
    /// Shadow too, so that a declared caller is not locked out by a protection; their own verdict comes with the workload's key.
    /// </summary>
    public IReadOnlyList<ProtectedService> Protections { get; init; } = [];

    /// <summary>
    /// For a Service: those whose name became ambiguous, when a workload that it could mean has pods that the Service selects. They leave the
    /// Service's policy as it is, as they leave the workload's. Empty for a workload.
    /// </summary>
    public IReadOnlyList<ProtectedService> PossibleProtections { get; init; } = [];

    /// <summary>Every workload of that name in that namespace, owned ones too. Empty for a Service.</summary>
    public IReadOnlyList<Workload> Candidates { get; init; } = [];

    /// <summary>The Service, when the server is one and it exists.</summary>
    public V1Service? Service { get; init; }

    /// <summary>False when the server's namespace does not exist or is being deleted, where nothing can be written.</summary>
    public required bool NamespaceExists { get; init; }

    /// <summary>False when the server's namespace is none of those that are looked after.</summary>
    public bool IsWatched { get; init; } = true;

    /// <summary>The mode of the server's namespace.</summary>
    public required NamespaceMode Mode { get; init; }

    /// <summary>Who may call every server of the namespace.</summary>
    public IReadOnlyList<AllowedPeer> AllowedFrom { get; init; } = [];
}
