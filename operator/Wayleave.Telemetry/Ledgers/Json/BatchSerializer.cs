using System.Collections.Immutable;
using System.Text.Json;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Ledgers.Json;

/// <summary>A batch to and from text.</summary>
internal static class BatchSerializer
{
    /// <summary>More than the catalog and the bound on errors together can give.</summary>
    private const int MaximumRecords = 256;

    public static string Write(LedgerBatch batch, DateTimeOffset? acknowledgedAt)
    {
        var json = new BatchJson
        {
            Sequence = batch.Sequence,
            FrozenAt = batch.FrozenAt,
            AcknowledgedAt = acknowledgedAt,
            ServiceVersion = batch.Version.Value,
            Records = [.. batch.Records.Select(Write)],
        };
        return JsonSerializer.Serialize(json, LedgerJsonContext.Default.BatchJson);
    }

    /// <exception cref="FormatException">The text is not that of a batch.</exception>
    /// <exception cref="JsonException">The text is not JSON of that form.</exception>
    public static (LedgerBatch Batch, DateTimeOffset? AcknowledgedAt) Read(string text)
    {
        var json = JsonSerializer.Deserialize(text, LedgerJsonContext.Default.BatchJson);
        if (json is not { Sequence: > 0, Records.Count: > 0 and <= MaximumRecords })
        {
            throw new FormatException("Not a batch.");
        }

        var records = json.Records.Select(Read).ToImmutableArray();
        return (new LedgerBatch(json.Sequence, json.FrozenAt, SemanticVersion.Parse(json.ServiceVersion), records), json.AcknowledgedAt);
    }

    private static RecordLineJson Write(UsageRecord record) =>
        new() { Time = record.Time, Attributes = AttributeJson.Write(record.Attributes) };

    private static UsageRecord Read(RecordLineJson? line)
    {
        if (line is null)
        {
            throw new FormatException("Not a record.");
        }

        var record = new UsageRecord(UsageCatalog.Started, line.Time, AttributeJson.Read(line.Attributes));
        var type = record[UsageAttributeCatalog.EventType]?.ToString();
        var usage = type is null ? null : UsageCatalog.Find(type);
        var complete = usage is { IsPlanned: false }
            && record[UsageAttributeCatalog.EventId] is not null
            && record[UsageAttributeCatalog.EventName]?.ToString() == usage.Name;
        return complete ? record with { Event = usage! } : throw new FormatException("Not a record.");
    }
}

/// <summary>Serializes pending counts.</summary>
internal static class PendingUsageSerializer
{
    public static string Write(PendingUsage pending)
    {
        var json = new PendingJson
        {
            Counts = [.. pending.Counts.InOrder().Select(entry => Write(entry.Key, entry.Value))],
            Shape = pending.Shape.IsEmpty ? null : AttributeJson.Write(pending.Shape),
        };
        return JsonSerializer.Serialize(json, LedgerJsonContext.Default.PendingJson);
    }

    /// <exception cref="FormatException">The text is not that of counts.</exception>
    /// <exception cref="JsonException">The text is not JSON of that form.</exception>
    public static PendingUsage Read(string text)
    {
        var json = JsonSerializer.Deserialize(text, LedgerJsonContext.Default.PendingJson) ?? throw new FormatException("Not counts.");
        var counts = json.Counts.Aggregate(UsageCountMap.None, (sum, line) => sum.Plus(ReadKey(line), line!.Count));
        return new PendingUsage(counts, json.Shape is { } shape ? AttributeJson.Read(shape) : []);
    }

    private static CountJson Write(UsageKey key, long count) => new()
    {
        Type = key.Event.Type,
        Count = count,
        Component = key.Error is { } error ? EnumNames.Of(error.Component) : null,
        Exception = key.Error?.Exception.Value,
    };

    private static UsageKey ReadKey(CountJson? line)
    {
        if (line is not { Count: > 0 } || UsageCatalog.Find(line.Type) is not { IsPlanned: false } usage)
        {
            throw new FormatException("Not a count.");
        }

        return usage == UsageCatalog.Errors ? new UsageKey(usage, ReadOrigin(line)) : new UsageKey(usage);
    }

    private static ErrorOrigin ReadOrigin(CountJson line)
    {
        var component = Enum.GetValues<ErrorComponent>().Where(known => EnumNames.Of(known) == line.Component).ToList();
        return component is [var known] && ExceptionTypeName.TryParse(line.Exception) is { } exception
            ? new ErrorOrigin(known, exception)
            : throw new FormatException("Not an error.");
    }
}
