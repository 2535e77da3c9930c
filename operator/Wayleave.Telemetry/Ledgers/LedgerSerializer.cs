using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers.Json;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>
/// Serializes a ledger to the texts in which it is stored, and back. A part that cannot be read is reported and starts empty, so that a
/// damaged ledger loses only that part and never stops the operator.
/// </summary>
internal static class LedgerSerializer
{
    public static IReadOnlyDictionary<string, string> Write(Ledger ledger)
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [LedgerKeys.Format] = LedgerKeys.CurrentFormat,
            [LedgerKeys.InstanceId] = ledger.InstanceId.ToString("D", CultureInfo.InvariantCulture),
            [LedgerKeys.Sequence] = ledger.Sequence.ToString(CultureInfo.InvariantCulture),
            [LedgerKeys.Totals] = WriteTotals(ledger.Totals),
            [LedgerKeys.Pending] = PendingUsageSerializer.Write(ledger.Pending),
        };
        foreach (var (kind, objects) in ledger.Objects)
        {
            entries[LedgerKeys.Objects(kind)] = CountedObjectsSerializer.Write(objects);
        }

        if (ledger.FallbackContext is { } context)
        {
            entries[LedgerKeys.FallbackContextId] = context.Value;
        }

        if (ledger.InFlight is { } batch)
        {
            entries[LedgerKeys.InFlight] = BatchSerializer.Write(batch, acknowledgedAt: null);
        }

        if (ledger.Acknowledged is { } acknowledged)
        {
            entries[LedgerKeys.Acknowledged] = BatchSerializer.Write(acknowledged.Batch, acknowledged.At);
        }

        return entries;
    }

    public static LedgerReadResult Read(IReadOnlyDictionary<string, string> entries)
    {
        // Ledgers without a format key have the first format.
        if (entries.GetValueOrDefault(LedgerKeys.Format, LedgerKeys.CurrentFormat) != LedgerKeys.CurrentFormat)
        {
            return new LedgerReadResult(Ledger.Create(), [LedgerKeys.Format]);
        }

        var unreadable = ImmutableArray.CreateBuilder<string>();
        var acknowledged = ReadPart(LedgerKeys.Acknowledged, ReadAcknowledged);
        var inFlight = ReadPart(LedgerKeys.InFlight, text => BatchSerializer.Read(text).Batch);
        var sequence = ReadPart(LedgerKeys.Sequence, text => (long?)long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));
        var objects = CountedKindCatalog.All.ToDictionary(
            kind => kind, kind => ReadPart(LedgerKeys.Objects(kind), text => CountedObjectsSerializer.Read(kind, text)));
        var ledger = new Ledger
        {
            InstanceId = ReadPart(LedgerKeys.InstanceId, text => (Guid?)Guid.ParseExact(text, "D")) ?? Guid.NewGuid(),
            FallbackContext = ReadPart(LedgerKeys.FallbackContextId, ReadContext),
            Totals = ReadPart(LedgerKeys.Totals, ReadTotals) ?? UsageDelta.None.Current,
            Objects = objects.Where(entry => entry.Value is not null).ToImmutableDictionary(entry => entry.Key, entry => entry.Value!),
            Pending = ReadPart(LedgerKeys.Pending, PendingUsageSerializer.Read) ?? PendingUsage.None,
            InFlight = inFlight,
            Acknowledged = acknowledged,
            // A sequence number is never reused, whichever part was lost.
            Sequence = Math.Max(sequence ?? 0, Math.Max(inFlight?.Sequence ?? 0, acknowledged?.Batch.Sequence ?? 0)),
        };
        return new LedgerReadResult(ledger, unreadable.ToImmutable());

        // The default if the part is absent or cannot be read.
        T? ReadPart<T>(string key, Func<string, T> read)
        {
            try
            {
                return entries.TryGetValue(key, out var text) ? read(text) : default;
            }
            catch (Exception exception) when (exception is FormatException or OverflowException or JsonException)
            {
                unreadable.Add(key);
                return default;
            }
        }
    }

    private static string WriteTotals(ImmutableSortedDictionary<string, long> totals) => JsonSerializer.Serialize(
        new SortedDictionary<string, long>(totals, StringComparer.Ordinal), LedgerJsonContext.Default.SortedDictionaryStringInt64);

    private static ImmutableSortedDictionary<string, long> ReadTotals(string text)
    {
        var totals = JsonSerializer.Deserialize(text, LedgerJsonContext.Default.SortedDictionaryStringInt64);
        return totals is not null && totals.All(entry => entry.Value >= 0 && UsageCatalog.Find(entry.Key) is not null)
            ? totals.ToImmutableSortedDictionary(StringComparer.Ordinal)
            : throw new FormatException("Not totals.");
    }

    private static AcknowledgedBatch ReadAcknowledged(string text)
    {
        var (batch, at) = BatchSerializer.Read(text);
        return new AcknowledgedBatch(batch, at ?? throw new FormatException("Not acknowledged."));
    }

    private static ContextId ReadContext(string text) => ContextId.ParseOrNull(text) ?? throw new FormatException("Not a context id.");
}

/// <summary>What could be read of a stored ledger.</summary>
/// <param name="Ledger">With a fresh start for each part that could not be read.</param>
internal sealed record LedgerReadResult(Ledger Ledger, ImmutableArray<string> UnreadableKeys);
