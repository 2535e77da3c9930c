using k8s.Models;
using Wayleave.Enforcement.Ports;

namespace Wayleave.Enforcement.Governance;

/// <summary>An EnforcementPolicy as it was read.</summary>
public sealed record ParsedEnforcementPolicy
{
    public required string Name { get; init; }

    public string? Uid { get; init; }

    /// <summary>The parsed spec. The last valid one if the current spec is invalid.</summary>
    public Api.EnforcementPolicySpec? Spec { get; init; }

    /// <summary>The highest wins.</summary>
    public int Priority { get; init; }

    /// <summary>Of equal priorities the older wins.</summary>
    public DateTimeOffset Created { get; init; }

    public required V1LabelSelector Selector { get; init; }

    /// <summary>The settings of the namespaces that it applies to.</summary>
    public required NamespaceSettings Settings { get; init; }

    /// <summary>Orders policies by precedence.</summary>
    public static int CompareByPriority(ParsedEnforcementPolicy left, ParsedEnforcementPolicy right)
    {
        var byPriority = right.Priority.CompareTo(left.Priority);
        var byAge = byPriority != 0 ? byPriority : left.Created.CompareTo(right.Created);
        return byAge != 0 ? byAge : string.CompareOrdinal(left.Name, right.Name);
    }
}

/// <summary>A client that may call every server of a namespace without ClientIntents.</summary>
/// <param name="Peer">Pods or addresses; null for anyone.</param>
/// <param name="Ports">Empty for every port.</param>
public sealed record AllowedPeer(V1NetworkPolicyPeer? Peer, IReadOnlyList<DeclaredPort> Ports);
