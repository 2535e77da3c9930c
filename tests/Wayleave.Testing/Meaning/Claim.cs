namespace Wayleave.Testing.Meaning;

/// <summary>What the declarations in force say of a server.</summary>
public enum Claim
{
    /// <summary>None is about it.</summary>
    None,

    /// <summary>One could be about it, and about another as well: it stays as it is.</summary>
    Possible,

    /// <summary>One names it and no other: it accepts declared callers only.</summary>
    Certain,
}
