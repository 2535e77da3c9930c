using System.Collections.Immutable;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>
/// Records that are sent together, in one request, until the collector acknowledges them. Nothing in a batch changes between two
/// attempts, not even across a restart or an upgrade: the bytes are the same.
/// </summary>
/// <param name="Sequence">1 for the installation's first batch, and so on.</param>
/// <param name="FrozenAt">When the records were made.</param>
/// <param name="Version">The version of the program that made them.</param>
/// <param name="Records">At least one.</param>
internal sealed record LedgerBatch(long Sequence, DateTimeOffset FrozenAt, SemanticVersion Version, ImmutableArray<UsageRecord> Records)
{
    /// <summary>Whether both are the same batch: two leaders may, for a moment, each have frozen one with the same number.</summary>
    public bool IsSameAs(LedgerBatch? other) =>
        other is not null && Sequence == other.Sequence && Id == other.Id;

    private string? Id => Records[0][Catalog.UsageAttributeCatalog.EventId]?.ToString();
}
