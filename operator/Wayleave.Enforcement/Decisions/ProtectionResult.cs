using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Decisions;

/// <summary>What became of one protection.</summary>
/// <param name="Protection">The object that declares it.</param>
/// <param name="Generation">The generation of that object that was decided on.</param>
/// <param name="Result">What became of it, if the write succeeds.</param>
/// <param name="PolicyName">The policy it depends on, in its own namespace; null when none is written for it.</param>
public readonly record struct ProtectionResult(NamespacedName Protection, long Generation, TargetResult Result, string? PolicyName);
