namespace Wayleave.Enforcement.Decisions;

/// <summary>Whether a policy that is being put together is to be written, by what is declared about its subject. Not thread-safe.</summary>
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
