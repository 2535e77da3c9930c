using Wayleave.Api;

namespace Wayleave.Enforcement;

/// <summary>What became of a declaration.</summary>
/// <param name="State">One of <see cref="TargetStates"/>.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Message">The field it is about and, in parentheses, the mend; null when there is nothing to do.</param>
public sealed record Verdict(string State, string Reason, string? Message = null)
{
    /// <summary>The addresses that a domain was found to have, as far as they are shown.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>That a selector matches pods of another workload as well; null when none does.</summary>
    public string? Overlap { get; init; }

    /// <summary>In force. Shared, as nearly all verdicts of a busy server are this one.</summary>
    public static Verdict Enforced { get; } = new(TargetStates.Enforced, Reasons.Enforced);

    /// <summary>In force, except for the paths.</summary>
    public static Verdict EnforcedWithoutPaths { get; } = new(TargetStates.Enforced, Reasons.HttpPathsNotEnforced);

    /// <summary>Computed and not written.</summary>
    public static Verdict Shadow { get; } = new(TargetStates.Shadow, Reasons.Shadow);

    /// <summary>Not decided yet.</summary>
    public static Verdict Progressing { get; } = new(TargetStates.Pending, Reasons.Progressing);

    /// <summary>Something may come by itself.</summary>
    public static Verdict Pending(string reason, string message) => new(TargetStates.Pending, reason, message);

    /// <summary>Someone has to act.</summary>
    public static Verdict Failed(string reason, string message) => new(TargetStates.Failed, reason, message);

    /// <summary>Understood, and beyond this version.</summary>
    public static Verdict NotSupported(string reason, string message) => new(TargetStates.NotSupported, reason, message);

    /// <summary>The namespace is Off.</summary>
    public static Verdict Off(string reason) => new(TargetStates.Off, reason);

    /// <summary>By value, the addresses too.</summary>
    public bool Equals(Verdict? other) =>
        other is not null && State == other.State && Reason == other.Reason && Message == other.Message && Overlap == other.Overlap && Addresses.SequenceEqual(other.Addresses);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(State, Reason, Message);
}
