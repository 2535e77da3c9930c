namespace Wayleave.Chaos.Checks;

/// <summary>A condition that must hold when no faults are active.</summary>
internal abstract class Check
{
    /// <summary>What is checked, for the report.</summary>
    public abstract string Name { get; }

    /// <summary>The number of items checked.</summary>
    public long Count { get; protected set; }

    /// <summary>Whether a problem is permanent, so that retrying is pointless.</summary>
    public virtual bool IsFinal => false;

    /// <summary>The first problem found; null if there is none.</summary>
    public abstract Task<string?> ProblemAsync();
}
