using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Decisions;

/// <summary>What became of one call.</summary>
/// <param name="Intents">The object that declares it.</param>
/// <param name="Generation">The generation of that object that was decided on; the index means nothing in another.</param>
/// <param name="TargetIndex">Its place in <c>spec.targets</c>.</param>
/// <param name="Result">What became of it, if the writes succeed.</param>
/// <param name="PolicyName">The policy it depends on, in the server's namespace; null when none is written for it.</param>
public readonly record struct CallResult(NamespacedName Intents, long Generation, int TargetIndex, TargetResult Result, string? PolicyName)
{
    /// <summary>The workload whose Pods are the client; null where that is not known, or was not asked.</summary>
    public PolicySubject? Client { get; init; }

    /// <summary>The cluster that it was decided in.</summary>
    public string Cluster { get; init; } = ClusterSelector.Local;

    /// <summary>Whether the client's Pods use the host network.</summary>
    public bool IsClientOnHosts { get; init; }
}

/// <summary>What became of one protection.</summary>
/// <param name="Protection">The object that declares it.</param>
/// <param name="Generation">The generation of that object that was decided on.</param>
/// <param name="Result">What became of it, if the write succeeds.</param>
/// <param name="PolicyName">The policy it depends on, in its own namespace; null when none is written for it.</param>
public readonly record struct ProtectionResult(NamespacedName Protection, long Generation, TargetResult Result, string? PolicyName);
