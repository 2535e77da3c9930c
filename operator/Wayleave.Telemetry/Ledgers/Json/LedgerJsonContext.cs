using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Ledgers.Json;

/// <summary>Indented, because people read it in <c>kubectl get configmap -o yaml</c>.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SortedDictionary<string, long>))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(PendingJson))]
[JsonSerializable(typeof(BatchJson))]
internal sealed partial class LedgerJsonContext : JsonSerializerContext;

/// <summary>The text of <see cref="LedgerKeys.InFlight"/> and of <see cref="LedgerKeys.Acknowledged"/>.</summary>
internal sealed class BatchJson
{
    public required long Sequence { get; init; }

    public required DateTimeOffset FrozenAt { get; init; }

    public DateTimeOffset? AcknowledgedAt { get; init; }

    public required string ServiceVersion { get; init; }

    public required List<RecordLineJson?> Records { get; init; }
}

/// <summary>
/// One count that waits. Only an error has a component and an exception; only a command has a noun, and perhaps a verb and modifiers.
/// </summary>
internal sealed record CountJson(
    string Type, long Count, string? Component = null, string? Exception = null, string? Noun = null, string? Verb = null,
    string? Modifiers = null);

/// <summary>The text of <see cref="LedgerKeys.Pending"/>.</summary>
internal sealed class PendingJson
{
    public List<CountJson?> Counts { get; init; } = [];

    /// <summary>ACTIVE's description of the cluster, by attribute key.</summary>
    public Dictionary<string, JsonElement>? Shape { get; init; }
}

/// <summary>One record of a batch.</summary>
/// <param name="Attributes">By key, in the order in which they are sent.</param>
internal sealed record RecordLineJson(DateTimeOffset Time, Dictionary<string, JsonElement> Attributes);

internal static class AttributeJson
{
    // The dictionary keeps the order of addition, because nothing is ever removed from it.
    public static Dictionary<string, JsonElement> Write(ImmutableArray<RecordAttribute> attributes) => attributes.ToDictionary(
        entry => entry.Attribute.Key,
        entry => JsonSerializer.SerializeToElement(entry.Value.ToJson(), LedgerJsonContext.Default.JsonNode));

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
        return raw is not null
            && UsageAttributeCatalog.Find(key) is { } attribute
            && AttributeValue.RestoreOrNull(attribute, raw) is { } value
            ? new RecordAttribute(attribute, value)
            : throw new FormatException("Not an attribute of the catalog.");
    }
}
