using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Statistics;

/// <summary>
/// What telemetry did in this process, for <c>/metrics</c> and <c>/telemetry</c>. Each change replaces the immutable snapshot. Thread-safe.
/// </summary>
public sealed class TelemetryStatistics
{
    private TelemetryStatisticsSnapshot _snapshot = new();

    /// <summary>As it is in memory; null while another replica leads, and until it could be read.</summary>
    internal Ledger? Ledger
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    /// <summary>Null until it could be read.</summary>
    internal ContextId? Context
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Null before the first of this process.</summary>
    internal SentRequest? LastRequest
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Cheap, never waits.</summary>
    public TelemetryStatisticsSnapshot Read() => Volatile.Read(ref _snapshot);

    internal void CountAcknowledged(int records, long rejected, DateTimeOffset at) => Change(old => old with
    {
        RecordsSent = old.RecordsSent + records,
        RecordsRejected = old.RecordsRejected + rejected,
        BatchesAcknowledged = old.BatchesAcknowledged + 1,
        LastAcknowledgedAt = at,
        Failure = null,
    });

    internal void CountSendFailure(string reason, DateTimeOffset at, DateTimeOffset next) => Change(old => old with
    {
        SendFailures = old.SendFailures + 1,
        Failure = new DeliveryFailure(reason, old.Failure?.Since ?? at, next),
    });

    internal void CountLedgerFailure() => Change(old => old with { LedgerFailures = old.LedgerFailures + 1 });

    internal void CountSourceFailure() => Change(old => old with { SourceFailures = old.SourceFailures + 1 });

    internal void CountHistoryLoss() => Change(old => old with { HistoryLosses = old.HistoryLosses + 1 });

    /// <summary>Another replica leads from now on.</summary>
    internal void ClearLedger() => Ledger = null;

    internal void UpdateLedger(Ledger ledger)
    {
        Ledger = ledger;
        Change(old => old with
        {
            Pending = ledger.Pending.Counts.Sum,
            ObjectsCounted = ledger.ObjectCount,
            RecordsInFlight = ledger.InFlight?.Records.Length ?? 0,
            WaitingSince = ledger.InFlight?.CreatedAt,
            LastAcknowledgedAt = ledger.Acknowledged?.At ?? old.LastAcknowledgedAt,
        });
    }

    private void Change(Func<TelemetryStatisticsSnapshot, TelemetryStatisticsSnapshot> change)
    {
        TelemetryStatisticsSnapshot old;
        do
        {
            old = Volatile.Read(ref _snapshot);
        }
        while (Interlocked.CompareExchange(ref _snapshot, change(old), old) != old);
    }
}

/// <summary>Figures for the administrator's own metrics. They are never sent. Counters start at 0 with the process.</summary>
public sealed record TelemetryStatisticsSnapshot
{
    /// <summary>Records that the collector acknowledged.</summary>
    public long RecordsSent { get; init; }

    /// <summary>Records in acknowledged batches that the collector said it would not keep (OTLP's partial success).</summary>
    public long RecordsRejected { get; init; }

    public long BatchesAcknowledged { get; init; }

    public long SendFailures { get; init; }

    /// <summary>Null while batches are accepted, and before the first attempt.</summary>
    public DeliveryFailure? Failure { get; init; }

    public long LedgerFailures { get; init; }

    /// <summary>Failed reads of the cluster profile or the context ID.</summary>
    public long SourceFailures { get; init; }

    /// <summary>Objects that are registered in the ledger as counted, as of the last look.</summary>
    public long ObjectsCounted { get; init; }

    /// <summary>
    /// How often the API server no longer had the history of objects that were deleted while this process was not watching.
    /// </summary>
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

/// <param name="Reason">A word of a closed set, or a status number; nothing that a collector wrote.</param>
/// <param name="Since">The first failure of this process since the last acknowledgement.</param>
/// <param name="NextAttemptAt">When it is tried again, at a flush.</param>
public sealed record DeliveryFailure(string Reason, DateTimeOffset Since, DateTimeOffset NextAttemptAt);
