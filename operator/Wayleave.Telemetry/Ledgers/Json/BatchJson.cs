namespace Wayleave.Telemetry.Ledgers.Json;

/// <summary>The text of <see cref="LedgerKeys.InFlight"/> and of <see cref="LedgerKeys.Acknowledged"/>.</summary>
internal sealed class BatchJson
{
    public required long Sequence { get; init; }

    public required DateTimeOffset FrozenAt { get; init; }

    public DateTimeOffset? AcknowledgedAt { get; init; }

    public required string ServiceVersion { get; init; }

    public required List<RecordLineJson?> Records { get; init; }
}
