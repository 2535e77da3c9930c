using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>Brings what one replica did onto what another stored meanwhile, as when the lead changes hands. Pure.</summary>
internal static class LedgerMerge
{
    private static readonly UsageKey Active = new(UsageCatalog.Active);

    /// <param name="stored">What is stored now: it says what is in flight.</param>
    /// <param name="mine">What this replica would have stored.</param>
    /// <param name="unsaved">What this replica counted since it last stored.</param>
    /// <remarks>
    /// A batch that this replica froze and could not store is given up: its counts are still pending in <paramref name="stored"/> or
    /// in <paramref name="unsaved"/>, and go into a batch of the new line.
    /// </remarks>
    public static Ledger Onto(Ledger stored, Ledger mine, UsageDelta unsaved)
    {
        var merged = stored.Count(unsaved);
        if (unsaved.Counts[Active] > 0)
        {
            merged = merged.Describe(mine.Pending.Shape);
        }

        if (mine.Acknowledged is { } acknowledged && acknowledged.Batch.IsSameAs(stored.InFlight))
        {
            merged = merged.Acknowledge(acknowledged.At);
        }

        return merged.FallbackContext is null && mine.FallbackContext is { } context
            ? merged with { FallbackContext = context }
            : merged;
    }
}
