using k8s.Models;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Decisions;

/// <summary>
/// Collects the rules of one policy, and tracks from the declarations about its subject whether the policy is to be written. Not
/// thread-safe.
/// </summary>
internal abstract class RuleBuilder
{
    private readonly EnforcementMode _mode;
    private bool _isHeld;

    /// <param name="subject">Whose Pods the policy selects.</param>
    protected RuleBuilder(PolicySubject subject, PolicyDirection direction, PolicyInputs inputs)
    {
        Subject = subject;
        Name = PolicyName.For(subject.Kind, subject.Name, direction);
        Existing = inputs.ExistingPolicies.FirstOrDefault(policy => policy.Metadata.Name == Name);
        _mode = inputs.Settings.Mode;
    }

    /// <summary>Whether an enforced declaration names this subject unambiguously.</summary>
    public bool IsDesired { get; private set; }

    /// <summary>Whether only ambiguous declarations name this subject.</summary>
    public bool IsRetained => _isHeld && !IsDesired;

    /// <summary>The policy's name; null when it is not written.</summary>
    public string? DesiredName => IsDesired ? Name : null;

    /// <summary>Whether rules of the policy in force stay, because they cannot be computed.</summary>
    public bool RetainsExistingRules { get; set; }

    protected PolicySubject Subject { get; }

    protected string Name { get; }

    /// <summary>The policy in force. Null if there is none.</summary>
    protected V1NetworkPolicy? Existing { get; }

    /// <summary>Adds a declaration.</summary>
    /// <param name="isCertain">False when it could mean another subject.</param>
    /// <param name="isProtection">True when it is in force in Shadow too.</param>
    public void AddDeclaration(bool isCertain, bool isProtection = false)
    {
        var isInForce = isProtection || _mode == EnforcementMode.Enforce;
        IsDesired |= isInForce && isCertain;
        _isHeld |= isInForce && !isCertain;
    }

    public abstract V1NetworkPolicy Build();
}
