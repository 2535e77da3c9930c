namespace Wayleave.Telemetry.Statistics;

/// <summary>Figures for the administrator's own metrics. They are never sent. Counters start at 0 with the process.</summary>
public sealed record TelemetryStatisticsSnapshot
{
    /// <summary>Records that the collector acknowledged.</summary>
    public long RecordsSent { get; init; }

    /// <summary>Records in acknowledged batches that the collector said it would not keep (OTLP's partial success).</summary>
    public long RecordsRejected { get; init; }

    public long BatchesAcknowledged { get; init; }

    /// <summary>Attempts to send a batch that were not acknowledged.</summary>
    public long SendFailures { get; init; }

    /// <summary>Null while batches are taken, and before the first attempt.</summary>
    public DeliveryFailure? Failure { get; init; }

    /// <summary>Times the ledger could not be read or written.</summary>
    public long LedgerFailures { get; init; }

    /// <summary>Times the cluster could not be described or its id not be read.</summary>
    public long SourceFailures { get; init; }

    /// <summary>Objects that are registered in the ledger as counted, as of the last look.</summary>
    public long ObjectsCounted { get; init; }

    /// <summary>Times that the API server no longer knew which objects of a kind went while nobody of this process watched.</summary>
    public long HistoryLosses { get; init; }

    /// <summary>Since when the batch in flight waits; null without one. Kept in the ledger, so a restart does not move it.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>Null before the first acknowledgement of the installation.</summary>
    public DateTimeOffset? LastAcknowledgedAt { get; init; }

    /// <summary>The sum of the counts not yet put into a batch, as of the last flush.</summary>
    public long Pending { get; init; }

    /// <summary>Records in the batch in flight, as of the last flush.</summary>
    public long RecordsInFlight { get; init; }
}
