using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;

namespace Wayleave.Operator.Reconciling;

/// <summary>What was decided, and done, about everything that is declared about one subject. Immutable once published.</summary>
internal sealed class SubjectVerdicts
{
    public static SubjectVerdicts None { get; } = new();

    public Dictionary<NamespacedName, Judged<CallVerdict>> Calls { get; } = [];

    public Dictionary<NamespacedName, Judged<ProtectionVerdict>> Protections { get; } = [];

    /// <summary>How many policies would be there if Shadow were Enforce.</summary>
    public int ShadowedPolicies { get; init; }

    public bool IsEmpty => Calls.Count == 0 && Protections.Count == 0;
}
