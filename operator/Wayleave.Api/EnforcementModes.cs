namespace Wayleave.Api;

/// <summary>The modes of an <see cref="EnforcementPolicy"/>.</summary>
public static class EnforcementModes
{
    /// <summary>Policies are written.</summary>
    public const string Enforce = "Enforce";

    /// <summary>Policies are computed and reported; only those of protected servers are written.</summary>
    public const string Shadow = "Shadow";

    /// <summary>Nothing is computed, and policies that were written before are deleted.</summary>
    public const string Disabled = "Disabled";
}
