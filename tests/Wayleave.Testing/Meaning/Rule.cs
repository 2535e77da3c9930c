using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Testing.Meaning;

/// <summary>What holds in a namespace: as its EnforcementPolicy says, or as the operator was started.</summary>
/// <param name="Egress">Whether its clients may reach only what they declare.</param>
public sealed record Rule(EnforcementMode Mode, bool Egress)
{
    /// <summary>Whether its clients may look up names all the same.</summary>
    public bool Dns { get; init; } = true;

    /// <summary>More ports for that, at every address.</summary>
    public IReadOnlyList<PortNumberOrName> DnsPorts { get; init; } = [];

    /// <summary>Whether exposed servers stay reachable from outside the cluster.</summary>
    public bool External { get; init; } = true;

    /// <summary>Who forwards requests from outside; empty for the well-known controllers.</summary>
    public IReadOnlyList<IngressController> IngressControllers { get; init; } = [];

    /// <summary>Whose ClientIntents count for its servers; null for all.</summary>
    public V1LabelSelector? AcceptFrom { get; init; }

    /// <summary>Who may call its servers without declaring it.</summary>
    public IReadOnlyList<AllowedCaller> From { get; init; } = [];
}
