using k8s.Models;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Connectivity;

/// <summary>Whether one Pod may open a connection to another, and what decides it.</summary>
/// <param name="Egress">What the policies about the client say.</param>
/// <param name="Ingress">What the policies about the server say.</param>
public sealed record ReachabilityResult(DirectionResult Egress, DirectionResult Ingress)
{
    /// <summary>The port that was asked for, or the first that is open. Null for every port, or where none is open.</summary>
    public PolicyPort? Port { get; init; }

    /// <summary>
    /// Whether both directions have rules for the peer, but no port is in the rules of both. False if a port was asked for.
    /// </summary>
    public bool HasNoCommonPort { get; init; }

    /// <summary>Whether both directions allow the connection.</summary>
    public bool IsAllowed => !HasNoCommonPort && Egress.IsAllowed && Ingress.IsAllowed;
}

/// <summary>What the policies of one direction say about a connection.</summary>
/// <param name="Isolating">The policies that select the Pod in this direction. None: everything is allowed.</param>
/// <param name="Allowing">The first rule that allows the connection. Null for none.</param>
public sealed record DirectionResult(IReadOnlyList<V1NetworkPolicy> Isolating, PolicyRule? Allowing)
{
    internal static DirectionResult Open { get; } = new([], null);

    /// <summary>Whether this direction allows the connection.</summary>
    public bool IsAllowed => Isolating.Count == 0 || Allowing is not null;
}

/// <summary>A rule of a NetworkPolicy.</summary>
/// <param name="Index">Its index in <c>spec.ingress</c> or <c>spec.egress</c>.</param>
public sealed record PolicyRule(V1NetworkPolicy Policy, int Index);
