using System.Collections.Immutable;
using System.Text.Json;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Ledgers.Json;

internal static class BatchSerializer
{
    /// <summary>More than the catalog and the bound on errors together can give.</summary>
    private const int MaximumRecords = 256;

    public static string Write(LedgerBatch batch, DateTimeOffset? acknowledgedAt)
    {
        var json = new BatchJson
        {
            Sequence = batch.Sequence,
            FrozenAt = batch.CreatedAt,
            AcknowledgedAt = acknowledgedAt,
            ServiceVersion = batch.Version.Value,
            Records = [.. batch.Records.Select(record => new RecordLineJson(record.Time, AttributeJson.Write(record.Attributes)))],
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

    private static UsageRecord Read(RecordLineJson? line)
    {
        if (line is null)
        {
            throw new FormatException("Not a record.");
        }

        var record = new UsageRecord(UsageCatalog.Started, line.Time, AttributeJson.Read(line.Attributes));
        return record[UsageAttributeCatalog.EventType]?.ToString() is { } type
            && UsageCatalog.Find(type) is { IsPlanned: false } usage
            && record[UsageAttributeCatalog.EventId] is not null
            && record[UsageAttributeCatalog.EventName]?.ToString() == usage.Name
            ? record with { Event = usage }
            : throw new FormatException("Not a record.");
    }
}

internal static class PendingUsageSerializer
{
    public static string Write(PendingUsage pending)
    {
        var json = new PendingJson
        {
            Counts = [.. pending.Counts.InOrder().Select(entry => new CountJson(
                entry.Key.Event.Type,
                entry.Value,
                entry.Key.Error is { } error ? EnumNames.GetName(error.Component) : null,
                entry.Key.Error?.Exception.Value,
                entry.Key.Command?.Noun,
                entry.Key.Command?.Verb,
                entry.Key.Command is { Modifiers.Length: > 0 } command ? command.Modifiers : null))],
            Shape = pending.ClusterProfile.IsEmpty ? null : AttributeJson.Write(pending.ClusterProfile),
        };
        return JsonSerializer.Serialize(json, LedgerJsonContext.Default.PendingJson);
    }

    /// <exception cref="FormatException">The text is not that of counts.</exception>
    /// <exception cref="JsonException">The text is not JSON of that form.</exception>
    public static PendingUsage Read(string text)
    {
        var json = JsonSerializer.Deserialize(text, LedgerJsonContext.Default.PendingJson) ?? throw new FormatException("Not counts.");
        var counts = json.Counts.Aggregate(UsageCountMap.None, (sum, line) => sum.Add(ReadKey(line), line!.Count));
        return new PendingUsage(counts, json.Shape is { } shape ? AttributeJson.Read(shape) : []);
    }

    private static UsageKey ReadKey(CountJson? line)
    {
        if (line is not { Count: > 0 } || UsageCatalog.Find(line.Type) is not { IsPlanned: false } usage)
        {
            throw new FormatException("Not a count.");
        }

        return usage == UsageCatalog.Errors ? new UsageKey(usage, ReadOrigin(line))
            : usage == UsageCatalog.CliCommand ? new UsageKey(usage, Command: ReadCommand(line))
            : new UsageKey(usage);
    }

    private static CountedCommand ReadCommand(CountJson line) =>
        CountedCommand.ParseOrNull(line.Noun, line.Verb, line.Modifiers) ?? throw new FormatException("Not a command.");

    private static ErrorOrigin ReadOrigin(CountJson line)
    {
        var component = Enum.GetValues<ErrorComponent>().Where(known => EnumNames.GetName(known) == line.Component).ToList();
        return component is [var known] && ExceptionTypeName.ParseOrNull(line.Exception) is { } exception
            ? new ErrorOrigin(known, exception)
            : throw new FormatException("Not an error.");
    }
}
