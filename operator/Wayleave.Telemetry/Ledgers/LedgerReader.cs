using System.Collections.Immutable;
using System.Text.Json;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>Reads a stored ledger. Parts that cannot be read are reset, logged and counted.</summary>
internal static class LedgerReader
{
    public static Ledger Read(LedgerSnapshot snapshot, TelemetryStatistics statistics, LedgerLog log)
    {
        var reading = LedgerSerializer.Read(snapshot.Entries);

        // A position ahead of this cluster comes from another cluster.
        var foreign = reading.Ledger.Objects.Where(
            register => register.Value.Position > (snapshot.Position ?? long.MaxValue)).Select(register => register.Key).ToList();
        var unreadable = reading.UnreadableKeys.AddRange(foreign.Select(LedgerKeys.Objects));
        if (!unreadable.IsEmpty)
        {
            statistics.LedgerFailed();
            log.Unreadable(string.Join(", ", unreadable));
        }

        return reading.Ledger with { Objects = reading.Ledger.Objects.RemoveRange(foreign) };
    }
}

/// <summary>Reads the parts of a stored ledger one by one and remembers which could not be read.</summary>
internal sealed class LedgerPartReader(IReadOnlyDictionary<string, string> entries)
{
    private readonly ImmutableArray<string>.Builder _unreadable = ImmutableArray.CreateBuilder<string>();

    public ImmutableArray<string> Unreadable => _unreadable.ToImmutable();

    /// <summary>The default if the part is absent or cannot be read.</summary>
    public T? Read<T>(string key, Func<string, T> read)
    {
        if (!entries.TryGetValue(key, out var text))
        {
            return default;
        }

        try
        {
            return read(text);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or JsonException)
        {
            _unreadable.Add(key);
            return default;
        }
    }
}

/// <summary>What could be read of a stored ledger.</summary>
/// <param name="Ledger">With a fresh start for each part that could not be read.</param>
/// <param name="UnreadableKeys">The keys of those parts.</param>
internal sealed record LedgerReadResult(Ledger Ledger, ImmutableArray<string> UnreadableKeys);
