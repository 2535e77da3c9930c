using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>Reads a stored ledger. What cannot be read starts anew, and is named and counted.</summary>
internal static class LedgerReader
{
    public static Ledger Read(LedgerSnapshot snapshot, TelemetryStatistics statistics, LedgerLog log)
    {
        var reading = LedgerFormat.Read(snapshot.Entries);

        // A position that this cluster has not reached is another cluster's.
        var foreign = reading.Ledger.Objects.Where(register => register.Value.Position > (snapshot.Position ?? long.MaxValue)).Select(register => register.Key).ToList();
        var unreadable = reading.UnreadableKeys.AddRange(foreign.Select(LedgerKeys.Objects));
        if (!unreadable.IsEmpty)
        {
            statistics.LedgerFailed();
            log.Unreadable(string.Join(", ", unreadable));
        }

        return reading.Ledger with { Objects = reading.Ledger.Objects.RemoveRange(foreign) };
    }
}
