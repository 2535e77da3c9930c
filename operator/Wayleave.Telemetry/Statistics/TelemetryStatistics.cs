using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Statistics;

/// <summary>Keeps the figures. Written by one flush at a time, read from any thread: each change replaces the whole snapshot.</summary>
internal sealed class TelemetryStatistics : ITelemetryStatistics
{
    private TelemetryStatisticsSnapshot _snapshot = new();

    public TelemetryStatisticsSnapshot Read() => Volatile.Read(ref _snapshot);

    public void Acknowledged(int records, long rejected, DateTimeOffset at) => Change(old => old with
    {
        RecordsSent = old.RecordsSent + records,
        RecordsRejected = old.RecordsRejected + rejected,
        BatchesAcknowledged = old.BatchesAcknowledged + 1,
        LastAcknowledgedAt = at,
    });

    public void SendFailed() => Change(old => old with { SendFailures = old.SendFailures + 1 });

    public void LedgerFailed() => Change(old => old with { LedgerFailures = old.LedgerFailures + 1 });

    public void SourceFailed() => Change(old => old with { SourceFailures = old.SourceFailures + 1 });

    public void HistoryLost() => Change(old => old with { HistoryLosses = old.HistoryLosses + 1 });

    public void Waiting(Ledger ledger) => Change(old => old with
    {
        Pending = ledger.Pending.Counts.Sum,
        ObjectsCounted = ledger.ObjectCount,
        RecordsInFlight = ledger.InFlight?.Records.Length ?? 0,
    });

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
