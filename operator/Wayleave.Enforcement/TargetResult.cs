using Wayleave.Api;
using Wayleave.Enforcement.Status;

namespace Wayleave.Enforcement;

/// <summary>The result of a declaration.</summary>
/// <param name="State">One of <see cref="TargetStateNames"/>.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Message">The error, the field and the fix. Null if nothing has to be changed.</param>
public sealed record TargetResult(string State, string Reason, string? Message = null)
{
    // Failed wins over Pending. Otherwise one enforced side is enough.
    private static readonly string[] _priorities =
    [
        TargetStateNames.Failed, TargetStateNames.Pending, TargetStateNames.Enforced, TargetStateNames.Shadow, TargetStateNames.Disabled,
        TargetStateNames.NotSupported,
    ];

    /// <summary>The addresses that a domain was found to have, as far as they are shown.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The addresses that are allowed only because the client's Pods got them from DNS, as far as they are shown.</summary>
    public IReadOnlyList<string> ObservedAddresses { get; init; } = [];

    /// <summary>Conditions besides Ready. They do not affect readiness.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    /// <summary>Enforced. Shared, because most results are this one.</summary>
    public static TargetResult Enforced { get; } = new(TargetStateNames.Enforced, Reasons.Enforced);

    /// <summary>In force, except for the paths.</summary>
    public static TargetResult EnforcedWithoutPaths { get; } = new(TargetStateNames.Enforced, Reasons.HttpPathsNotEnforced);

    /// <summary>Computed and not written.</summary>
    public static TargetResult Shadow { get; } = new(TargetStateNames.Shadow, Reasons.Shadow);

    /// <summary>Not decided yet.</summary>
    public static TargetResult Progressing { get; } = new(TargetStateNames.Pending, Reasons.Pending);

    /// <summary>It may change without the user.</summary>
    public static TargetResult Pending(string reason, string message) => new(TargetStateNames.Pending, reason, message);

    /// <summary>The user has to change something.</summary>
    public static TargetResult Failed(string reason, string message) => new(TargetStateNames.Failed, reason, message);

    /// <summary>A field of the spec is invalid.</summary>
    public static TargetResult Invalid(string field, string what) => Failed(Reasons.InvalidSpec, $"{field}: {what}");

    /// <summary>Valid, but not supported by this version.</summary>
    public static TargetResult NotSupported(string reason, string message) => new(TargetStateNames.NotSupported, reason, message);

    /// <summary>The namespace is in mode Disabled.</summary>
    public static TargetResult Disabled(string reason) => new(TargetStateNames.Disabled, reason);

    /// <summary>
    /// Merges the server's and the client's result of a target: the one with the higher priority, or the first of equals, with the warnings
    /// of both.
    /// </summary>
    public static TargetResult Merge(TargetResult? first, TargetResult second)
    {
        if (first is null)
        {
            return second;
        }

        var (said, other) = Array.IndexOf(_priorities, second.State) < Array.IndexOf(_priorities, first.State)
            ? (second, first)
            : (first, second);
        return said.With(other.Warnings);
    }

    /// <summary>Copies this result with the addresses of another one.</summary>
    public TargetResult WithAddressesOf(TargetResult? other) => other is null
        ? this
        : this with { Addresses = other.Addresses, ObservedAddresses = other.ObservedAddresses };

    /// <summary>Copies this result with more warnings, without duplicates.</summary>
    public TargetResult With(IEnumerable<Warning> warnings)
    {
        var all = Warnings.Concat(warnings).Distinct().ToArray();
        return all.Length == Warnings.Count ? this : this with { Warnings = all };
    }

    /// <summary>Compares by value, including the lists.</summary>
    public bool Equals(TargetResult? other) =>
        other is not null && State == other.State && Reason == other.Reason && Message == other.Message
        && Warnings.SequenceEqual(other.Warnings) && Addresses.SequenceEqual(other.Addresses)
        && ObservedAddresses.SequenceEqual(other.ObservedAddresses);

    public override int GetHashCode() => HashCode.Combine(State, Reason, Message);
}
