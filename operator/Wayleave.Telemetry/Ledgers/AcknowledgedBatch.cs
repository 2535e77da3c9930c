namespace Wayleave.Telemetry.Ledgers;

/// <summary>The batch that the collector acknowledged last.</summary>
/// <param name="Batch">Exactly as it was sent.</param>
/// <param name="At">When the acknowledgement came.</param>
internal sealed record AcknowledgedBatch(LedgerBatch Batch, DateTimeOffset At);
