using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Decisions;

/// <summary>The desired policies of one server or client.</summary>
/// <param name="Desired">
/// The policies that must exist. Other policies of this installation for the subject are deleted, unless they are in Held.
/// </param>
/// <param name="Retained">
///  Existing policies that are updated but neither created nor deleted. If a name is ambiguous, deleting the policy would open a server
/// because another object of that name was created, and creating one could isolate the wrong server.
/// </param>
/// <param name="ShadowPolicies">The policies that would exist if the namespace were in mode Enforce.</param>
/// <param name="IntentResults">One for each call whose object is not being deleted.</param>
/// <param name="ProtectionResults">One for each protection whose object is not being deleted; none for a Service.</param>
public sealed record PolicyPlan(
    IReadOnlyList<V1NetworkPolicy> Desired,
    IReadOnlyList<V1NetworkPolicy> Retained,
    IReadOnlyList<V1NetworkPolicy> ShadowPolicies,
    IReadOnlyList<IntentResult> IntentResults,
    IReadOnlyList<ProtectionResult> ProtectionResults);

/// <summary>Collects a plan.</summary>
internal sealed class PolicyPlanBuilder
{
    private readonly List<V1NetworkPolicy> _desired = [];
    private readonly List<V1NetworkPolicy> _held = [];
    private readonly List<V1NetworkPolicy> _shadowed = [];
    private readonly List<IntentResult> _results = [];
    private readonly List<ProtectionResult> _protections = [];

    public void Add(ClientIntents intents, int targetIndex, TargetResult result, string? policyName = null, Workload? client = null)
    {
        var generation = intents.Metadata.Generation ?? 0;
        _results.Add(new IntentResult(NamespacedName.From(intents), generation, targetIndex, result, policyName)
        {
            Client = client?.Subject,
            ClientUsesHostNetwork = client?.AllPodsUseHostNetwork == true,
        });
    }

    public void Add(ProtectedService protection, TargetResult result, string? policyName = null)
    {
        var generation = protection.Metadata.Generation ?? 0;
        _protections.Add(new ProtectionResult(NamespacedName.From(protection), generation, result, policyName));
    }

    public void Add(PolicyClaims claims, V1NetworkPolicy policy)
    {
        var unwritten = claims.IsRetained ? _held : _shadowed;
        (claims.IsDesired ? _desired : unwritten).Add(policy);
    }

    public PolicyPlan Build() => new(_desired, _held, _shadowed, _results, _protections);
}

/// <summary>Tracks whether a policy is to be written, from the declarations about its subject. Not thread-safe.</summary>
internal sealed class PolicyClaims(EnforcementMode mode, string policyName)
{
    private bool _isHeld;

    /// <summary>Whether an enforced declaration names this subject unambiguously.</summary>
    public bool IsDesired { get; private set; }

    /// <summary>Whether only ambiguous declarations name this subject.</summary>
    public bool IsRetained => _isHeld && !IsDesired;

    /// <summary>The policy's name; null when it is not written.</summary>
    public string? DesiredName => IsDesired ? policyName : null;

    /// <summary>Adds a declaration.</summary>
    /// <param name="isCertain">False when it could mean another subject.</param>
    /// <param name="isProtection">True when it is in force in Shadow too.</param>
    public void AddDeclaration(bool isCertain, bool isProtection = false)
    {
        var isInForce = isProtection || mode == EnforcementMode.Enforce;
        IsDesired |= isInForce && isCertain;
        _isHeld |= isInForce && !isCertain;
    }
}
