using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Statistics;

/// <summary>Keeps the figures. Written by one flush at a time, read from any thread: each change replaces the whole snapshot.</summary>
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
