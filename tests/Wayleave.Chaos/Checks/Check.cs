namespace Wayleave.Chaos.Checks;

/// <summary>Something that is true when nothing goes wrong any more.</summary>
internal abstract class Check
{
    /// <summary>What it looks at.</summary>
    public abstract string Name { get; }

    /// <summary>How much it looked at.</summary>
    public long Count { get; protected set; }

    /// <summary>Whether what is wrong now can never become right.</summary>
    public virtual bool IsFinal => false;

    /// <summary>What is not true now; null when all is.</summary>
    public abstract Task<string?> ProblemAsync();
}
