using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Decisions;

/// <summary>The desired policies of one server or client.</summary>
/// <param name="Desired">The policies that must exist. Any other policy of ours about this subject must not, unless it is held.</param>
/// <param name="Held">
/// The policies that are brought up to date where they exist, and neither made nor deleted. A name became ambiguous: to delete the
/// policy would open a server because another object of its name was created, and to create one could isolate a server that was not meant.
/// </param>
/// <param name="Shadowed">The policies that would exist if the namespace were in mode Enforce.</param>
/// <param name="Results">One for each call whose object is not being deleted.</param>
/// <param name="Protections">One for each protection whose object is not being deleted; none for a Service.</param>
public sealed record PolicyPlan(
    IReadOnlyList<V1NetworkPolicy> Desired,
    IReadOnlyList<V1NetworkPolicy> Held,
    IReadOnlyList<V1NetworkPolicy> Shadowed,
    IReadOnlyList<CallResult> Results,
    IReadOnlyList<ProtectionResult> Protections);

/// <summary>Collects a plan.</summary>
internal sealed class PlanBuilder
{
    private readonly List<V1NetworkPolicy> _desired = [];
    private readonly List<V1NetworkPolicy> _held = [];
    private readonly List<V1NetworkPolicy> _shadowed = [];
    private readonly List<CallResult> _results = [];
    private readonly List<ProtectionResult> _protections = [];

    public void Add(ClientIntents intents, int targetIndex, TargetResult result, string? policyName = null, Workload? client = null)
    {
        var generation = intents.Metadata.Generation ?? 0;
        _results.Add(new CallResult(NamespacedName.Of(intents), generation, targetIndex, result, policyName)
        {
            Client = client?.Subject,
            IsClientOnHosts = client?.HostNetwork == true,
        });
    }

    public void Add(ProtectedService protection, TargetResult result, string? policyName = null)
    {
        var generation = protection.Metadata.Generation ?? 0;
        _protections.Add(new ProtectionResult(NamespacedName.Of(protection), generation, result, policyName));
    }

    public void Add(PolicyClaims claims, V1NetworkPolicy policy)
    {
        var unwritten = claims.IsHeld ? _held : _shadowed;
        (claims.IsWritten ? _desired : unwritten).Add(policy);
    }

    public PolicyPlan Build() => new(_desired, _held, _shadowed, _results, _protections);
}

/// <summary>Tracks whether a policy is to be written, from the declarations about its subject. Not thread-safe.</summary>
internal sealed class PolicyClaims(EnforcementMode mode, string policyName)
{
    private bool _isHeld;

    /// <summary>True when a declaration that is in force names this subject and no other.</summary>
    public bool IsWritten { get; private set; }

    /// <summary>True when the only declarations in force that could mean this subject could mean another as well.</summary>
    public bool IsHeld => _isHeld && !IsWritten;

    /// <summary>The policy's name; null when it is not written.</summary>
    public string? WrittenName => IsWritten ? policyName : null;

    /// <summary>Notes a declaration.</summary>
    /// <param name="isCertain">False when it could mean another subject.</param>
    /// <param name="isProtection">True when it is in force in Shadow too.</param>
    public void Claim(bool isCertain, bool isProtection = false)
    {
        var isInForce = isProtection || mode == EnforcementMode.Enforce;
        IsWritten |= isInForce && isCertain;
        _isHeld |= isInForce && !isCertain;
    }
}
