using System.Collections.Immutable;
using System.Text.Json;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Ledgers.Json;

/// <summary>A batch to and from text.</summary>
internal static class BatchText
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
