using System.Collections.Immutable;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>What was counted in a stretch of time.</summary>
/// <param name="Counts">The counts.</param>
/// <param name="Current">By event type, the current totals last said.</param>
internal sealed record UsageDelta(UsageCounts Counts, ImmutableSortedDictionary<string, long> Current)
{
    public static UsageDelta None { get; } =
        new(UsageCounts.None, ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));

    /// <summary>This stretch and the one after it, as one.</summary>
    public UsageDelta Plus(UsageDelta later) => new(Counts.Plus(later.Counts), Current.SetItems(later.Current));
}
