using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Testing.Meaning;

/// <summary>The settings for a namespace, from its EnforcementPolicy or from the operator's flags.</summary>
/// <param name="Egress">Whether its clients may reach only what they declare.</param>
public sealed record Rule(EnforcementMode Mode, bool Egress)
{
    /// <summary>Whether its clients may always use DNS.</summary>
    public bool Dns { get; init; } = true;

    /// <summary>More ports for DNS, at every address.</summary>
    public IReadOnlyList<PortNumberOrName> DnsPorts { get; init; } = [];

    /// <summary>Whether exposed servers stay reachable from outside the cluster.</summary>
    public bool External { get; init; } = true;

    /// <summary>The controllers that forward external requests. Empty for the well-known controllers.</summary>
    public IReadOnlyList<IngressController> IngressControllers { get; init; } = [];

    /// <summary>Selects the namespaces whose ClientIntents take effect on its servers. Null for all.</summary>
    public V1LabelSelector? AcceptFrom { get; init; }

    /// <summary>The callers that may call its servers without a declaration.</summary>
    public IReadOnlyList<AllowedCaller> From { get; init; } = [];
}
