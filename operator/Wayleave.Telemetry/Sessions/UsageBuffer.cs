using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Sessions;

/// <summary>Moves counts from the usage counter into the ledger.</summary>
internal sealed class UsageBuffer(UsageCounter aggregator, LedgerManager keeper)
{
    private static readonly UsageKey Active = new(UsageCatalog.Active);

    private ImmutableArray<RecordAttribute> _shape = [];

    /// <summary>The description that the ACTIVE counted next carries; safe from any thread.</summary>
    public void Describe(ImmutableArray<RecordAttribute> shape) => ImmutableInterlocked.InterlockedExchange(ref _shape, shape);

    /// <summary>Moves what was counted into the ledger. One caller at a time.</summary>
    public void Record()
    {
        var counts = aggregator.Drain();
        keeper.Count(UsageDelta.None with { Counts = counts });

        // The profile is set before ACTIVE is counted. Without ACTIVE, it is kept for the next one.
        if (counts[Active] > 0 && ImmutableInterlocked.InterlockedExchange(ref _shape, []) is { IsEmpty: false } shape)
        {
            keeper.Describe(shape);
        }

        keeper.CountObjects();
    }
}
