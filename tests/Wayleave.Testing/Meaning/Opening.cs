using System.Net;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>How certain it is that connections are allowed.</summary>
public enum Certainty
{
    /// <summary>They are allowed.</summary>
    Settled,

    /// <summary>They stay allowed if they were. The rule that allowed them cannot be computed now.</summary>
    Kept,

    /// <summary>Like <see cref="Kept"/>, but only while the operator runs, because no object records the rule.</summary>
    Remembered,

    /// <summary>They may be allowed.</summary>
    Possible,
}

/// <summary>Allowed connections between a server or client and some peers.</summary>
public sealed record Opening(Certainty Certainty)
{
    /// <summary>The UID of its declaration. Null for a server's own Pods, external traffic, and callers that an EnforcementPolicy allows.</summary>
    public string? Source { get; init; }

    /// <summary>Selects peers by their labels. Never selects Pods on the host network.</summary>
    public Predicate<ClusterPod> Pods { get; init; } = static _ => false;

    /// <summary>Selects peers by their address.</summary>
    public Predicate<IPAddress> Addresses { get; init; } = static _ => false;

    /// <summary>Selects ports of the called Pod. The Pod is null for an address outside the cluster.</summary>
    public Func<Door, ClusterPod?, bool> Doors { get; init; } = static (_, _) => true;

    public bool Includes(ClusterPod peer) => (!peer.HostNetwork && Pods(peer)) || (peer.Address is { } address && Addresses(address));

    public bool Includes(IPAddress peer) => Addresses(peer);
}

/// <summary>How the expected content of a policy is known.</summary>
public enum Standing
{
    /// <summary>It can be computed.</summary>
    Settled,

    /// <summary>Some of it cannot be computed now, so connections that it allowed may stay allowed.</summary>
    Kept,

    /// <summary>Its namespace is being deleted, so it stays as it is.</summary>
    Frozen,
}

/// <summary>A server with restricted ingress, or a client with restricted egress.</summary>
/// <param name="IsSure">False when it may also be unrestricted.</param>
public sealed record Restriction(Subject Subject, Standing Standing, bool IsSure, IReadOnlyList<Opening> Openings);

/// <summary>What is expected of a connection.</summary>
/// <param name="Must">Whether it must be allowed.</param>
/// <param name="May">Whether it may be allowed.</param>
public readonly record struct Expectation(bool Must, bool May);
