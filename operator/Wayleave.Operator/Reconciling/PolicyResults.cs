using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;

namespace Wayleave.Operator.Reconciling;

/// <summary>What was decided, and done, about everything that is declared about one subject. Immutable once published.</summary>
internal sealed class PolicyResults
{
    private static readonly Dictionary<NamespacedName, Judged<ProtectionResult>> _none = [];
    private Dictionary<NamespacedName, Judged<ProtectionResult>>? _protections;

    public static PolicyResults None { get; } = new();

    public Dictionary<NamespacedName, Judged<CallResult>> Calls { get; } = [];

    // Most subjects have none.
    public IReadOnlyDictionary<NamespacedName, Judged<ProtectionResult>> Protections => _protections ?? _none;

    /// <summary>How many policies would be there if Shadow were Enforce.</summary>
    public int ShadowedPolicies { get; init; }

    /// <summary>The policies that were as they should be.</summary>
    public IReadOnlyList<WrittenPolicy> Policies { get; init; } = [];

    /// <summary>Which installations have policies about the subject.</summary>
    public PolicyOwners Owners { get; init; }

    public void Add(NamespacedName protection, Judged<ProtectionResult> judged) => (_protections ??= [])[protection] = judged;

    public bool IsEmpty => Calls.Count == 0 && Protections.Count == 0;
}
