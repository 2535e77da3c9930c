using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Statistics;

/// <summary>The telemetry statistics. Each change replaces the immutable snapshot. Thread-safe.</summary>
internal sealed class TelemetryStatistics : ITelemetryStatistics
{
    private TelemetryStatisticsSnapshot _snapshot = new();
    private Ledger? _ledger;
    private ContextId? _context;

    /// <summary>As it is in memory; null while another replica leads, and until it could be read.</summary>
    public Ledger? Ledger
    {
        get => Volatile.Read(ref _ledger);
        private set => Volatile.Write(ref _ledger, value);
    }

    /// <summary>Null until it could be read.</summary>
    public ContextId? Context
    {
        get => Volatile.Read(ref _context);
        set => Volatile.Write(ref _context, value);
    }

    public TelemetryStatisticsSnapshot Read() => Volatile.Read(ref _snapshot);

    public void Acknowledged(int records, long rejected, DateTimeOffset at) => Change(old => old with
    {
        RecordsSent = old.RecordsSent + records,
        RecordsRejected = old.RecordsRejected + rejected,
        BatchesAcknowledged = old.BatchesAcknowledged + 1,
        LastAcknowledgedAt = at,
        Failure = null,
    });

    /// <param name="reason">One of the closed set of reasons.</param>
    /// <param name="at">When.</param>
    /// <param name="next">When it is tried again.</param>
    public void SendFailed(string reason, DateTimeOffset at, DateTimeOffset next) => Change(old => old with
    {
        SendFailures = old.SendFailures + 1,
        Failure = new DeliveryFailure(reason, old.Failure?.Since ?? at, next),
    });

    public void LedgerFailed() => Change(old => old with { LedgerFailures = old.LedgerFailures + 1 });

    public void SourceFailed() => Change(old => old with { SourceFailures = old.SourceFailures + 1 });

    public void HistoryLost() => Change(old => old with { HistoryLosses = old.HistoryLosses + 1 });

    /// <summary>Another replica leads from now on.</summary>
    public void StandBy() => Ledger = null;

    public void Waiting(Ledger ledger)
    {
        Ledger = ledger;
        Change(old => With(old, ledger));
    }

    private static TelemetryStatisticsSnapshot With(TelemetryStatisticsSnapshot old, Ledger ledger) => old with
    {
        Pending = ledger.Pending.Counts.Sum,
        ObjectsCounted = ledger.ObjectCount,
        RecordsInFlight = ledger.InFlight?.Records.Length ?? 0,
        WaitingSince = ledger.InFlight?.FrozenAt,
        LastAcknowledgedAt = ledger.Acknowledged?.At ?? old.LastAcknowledgedAt,
    };

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

/// <summary>What telemetry did in this process, for <c>/metrics</c>.</summary>
public interface ITelemetryStatistics
{
    /// <summary>Safe from any thread, cheap, never waits.</summary>
    TelemetryStatisticsSnapshot Read();
}

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

    /// <summary>Null while batches are accepted, and before the first attempt.</summary>
    public DeliveryFailure? Failure { get; init; }

    /// <summary>Times the ledger could not be read or written.</summary>
    public long LedgerFailures { get; init; }

    /// <summary>Times the cluster could not be described or its id not be read.</summary>
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

/// <summary>The current delivery failure.</summary>
/// <param name="Reason">A word of a closed set, or a status number; nothing that a collector wrote.</param>
/// <param name="Since">The first failure of this process since the last acknowledgement.</param>
/// <param name="NextAttemptAt">When it is tried again, at a flush.</param>
public sealed record DeliveryFailure(string Reason, DateTimeOffset Since, DateTimeOffset NextAttemptAt);
