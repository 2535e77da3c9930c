namespace Wayleave.Testing.Meaning;

/// <summary>How the declarations in force concern a server.</summary>
public enum Claim
{
    /// <summary>No declaration names it.</summary>
    None,

    /// <summary>A declaration names it ambiguously, so it stays as it is.</summary>
    Possible,

    /// <summary>A declaration names it unambiguously, so it accepts declared callers only.</summary>
    Certain,
}
