using System.Collections.Immutable;
using System.Text.Json;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Ledgers.Json;

/// <summary>Attributes to and from JSON.</summary>
internal static class AttributeJson
{
    public static Dictionary<string, JsonElement> Write(ImmutableArray<RecordAttribute> attributes)
    {
        // The dictionary keeps the order of addition, because nothing is ever removed from it.
        var written = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (attribute, value) in attributes)
        {
            written.Add(attribute.Key, value.Raw switch
            {
                long number => JsonSerializer.SerializeToElement(number, LedgerJsonContext.Default.Int64),
                bool flag => JsonSerializer.SerializeToElement(flag, LedgerJsonContext.Default.Boolean),
                _ => JsonSerializer.SerializeToElement(value.ToString(), LedgerJsonContext.Default.String),
            });
        }

        return written;
    }

    /// <exception cref="FormatException">A key that no record can carry, or a value that its attribute cannot have.</exception>
    public static ImmutableArray<RecordAttribute> Read(Dictionary<string, JsonElement> attributes) =>
        [.. attributes.Select(entry => Read(entry.Key, entry.Value))];

    private static RecordAttribute Read(string key, JsonElement element)
    {
        object? raw = element.ValueKind switch
        {
            JsonValueKind.Number when element.TryGetInt64(out var number) => number,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => element.GetString(),
            _ => null,
        };
        return UsageAttributeCatalog.Find(key) is { } attribute && raw is not null && AttributeValue.Restore(attribute, raw) is { } value
            ? new RecordAttribute(attribute, value)
            : throw new FormatException("Not an attribute of the catalog.");
    }
}
