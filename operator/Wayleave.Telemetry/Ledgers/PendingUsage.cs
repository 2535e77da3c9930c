using System.Collections.Immutable;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>What waits to be sent. However long it waits it stays of the same size: counts merge, they do not queue.</summary>
/// <param name="Counts">The counts.</param>
/// <param name="Shape">ACTIVE's description of the cluster, the latest there was; empty if there was none.</param>
internal sealed record PendingUsage(UsageCounts Counts, ImmutableArray<RecordAttribute> Shape)
{
    public static PendingUsage None { get; } = new(UsageCounts.None, []);
}
