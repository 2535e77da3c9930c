using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Decisions;

/// <summary>The result for one intent in one cluster.</summary>
/// <param name="Intents">The object that declares it.</param>
/// <param name="Generation">The generation of the object. The index is valid in this generation only.</param>
/// <param name="TargetIndex">The index in <c>spec.targets</c>.</param>
/// <param name="Result">The result, if the writes succeed.</param>
/// <param name="PolicyName">The name of the policy that the result depends on, in the server's namespace. Null if there is none.</param>
public readonly record struct IntentResult(
    NamespacedName Intents, long Generation, int TargetIndex, TargetResult Result, string? PolicyName)
{
    /// <summary>The workload of the client. Null if it is unknown or was not resolved.</summary>
    public PolicySubject? Client { get; init; }

    /// <summary>The name of the cluster.</summary>
    public string Cluster { get; init; } = ClusterSelectionMatcher.Local;

    /// <summary>Whether the client's Pods use the host network.</summary>
    public bool ClientUsesHostNetwork { get; init; }
}

/// <summary>The result for one ProtectedService in one cluster.</summary>
/// <param name="Protection">The object that declares it.</param>
/// <param name="Generation">The generation of that object that was decided on.</param>
/// <param name="Result">The result, if the writes succeed.</param>
/// <param name="PolicyName">The name of the policy that the result depends on, in the same namespace. Null if there is none.</param>
public readonly record struct ProtectionResult(NamespacedName Protection, long Generation, TargetResult Result, string? PolicyName);
