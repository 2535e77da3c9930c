namespace Wayleave.Enforcement;

/// <summary>The enforcement mode of a namespace.</summary>
public enum EnforcementMode
{
    /// <summary>Policies are written.</summary>
    Enforce,

    /// <summary>Policies are computed and reported; only those of protected servers are written.</summary>
    Shadow,

    /// <summary>Nothing is computed, and policies that were written before are deleted.</summary>
    Disabled,
}
