using System.Net;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>How certain it is that something is open.</summary>
public enum Certainty
{
    /// <summary>It is open.</summary>
    Settled,

    /// <summary>It stays open if it was: what would open it cannot be computed now.</summary>
    Kept,

    /// <summary>The same, while the operator runs: what it knows of it is in no object.</summary>
    Remembered,

    /// <summary>It may be open.</summary>
    Possible,
}

/// <summary>Connections between a server or client and some peers.</summary>
public sealed record Opening(Certainty Certainty)
{
    /// <summary>The declaration that it comes from; null for a server's own Pods, traffic from outside and what an EnforcementPolicy allows.</summary>
    public string? Source { get; init; }

    /// <summary>The peers by their labels. What is on the host network is never meant.</summary>
    public Predicate<ClusterPod> Pods { get; init; } = static _ => false;

    /// <summary>The peers by their address.</summary>
    public Predicate<IPAddress> Addresses { get; init; } = static _ => false;

    /// <summary>Which doors of the Pod that is called; null for what is no Pod.</summary>
    public Func<Door, ClusterPod?, bool> Doors { get; init; } = static (_, _) => true;

    public bool Includes(ClusterPod peer) => (!peer.HostNetwork && Pods(peer)) || (peer.Address is { } address && Addresses(address));

    public bool Includes(IPAddress peer) => Addresses(peer);
}

/// <summary>How a policy came to be as it should be.</summary>
public enum Standing
{
    /// <summary>It can be computed.</summary>
    Settled,

    /// <summary>Some of it cannot be computed now: what it allowed may stay.</summary>
    Kept,

    /// <summary>Its namespace is being deleted: it stays as it is.</summary>
    Frozen,
}

/// <summary>A server that accepts only some callers, or a client that may call only some servers.</summary>
/// <param name="IsSure">False when it may be open just as well.</param>
public sealed record Restriction(Subject Subject, Standing Standing, bool IsSure, IReadOnlyList<Opening> Openings);

/// <summary>What should be true of a connection.</summary>
/// <param name="Must">Whether it must be open.</param>
/// <param name="May">Whether it may be open.</param>
public readonly record struct Expectation(bool Must, bool May);
