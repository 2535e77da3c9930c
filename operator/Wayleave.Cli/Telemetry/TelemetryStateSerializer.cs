using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Cli.Telemetry;

/// <summary>
/// Writes the state as indented JSON for people to read, and reads it back. The ledger has the operator's keys; one of its parts that
/// cannot be read starts empty.
/// </summary>
internal static class TelemetryStateSerializer
{
    private const string CurrentFormat = "1";

    public static byte[] Write(TelemetryState state) => JsonSerializer.SerializeToUtf8Bytes(
        new TelemetryStateJson
        {
            Format = CurrentFormat,
            Off = state.IsOff,
            NoticeShownAt = state.NoticeShownAt,
            LastRequestAt = state.LastRequestAt,
            LastResult = state.LastResult,
            Ledger = state.IsOff
                ? null
                : LedgerSerializer.Write(state.Ledger).ToDictionary(
                    entry => entry.Key, entry => NodeOf(entry.Key, entry.Value)),
        },
        TelemetryStateJsonContext.Default.TelemetryStateJson);

    /// <exception cref="InvalidDataException">It is not a state of this format, so the person's choice is not known.</exception>
    public static TelemetryState Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var json = JsonSerializer.Deserialize(bytes, TelemetryStateJsonContext.Default.TelemetryStateJson);
            if (json?.Format != CurrentFormat)
            {
                throw new InvalidDataException($"the format is not {CurrentFormat}");
            }

            var entries = (json.Ledger ?? []).ToDictionary(entry => entry.Key, entry => TextOf(entry.Key, entry.Value));
            return new TelemetryState
            {
                IsOff = json.Off,
                NoticeShownAt = json.NoticeShownAt,
                LastRequestAt = json.LastRequestAt,
                LastResult = json.LastResult,
                Ledger = TelemetryState.WithContext(LedgerSerializer.Read(entries).Ledger),
            };
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("it is not JSON of this program", exception);
        }
    }

    private static JsonNode? NodeOf(string key, string text) =>
        LedgerKeys.IsText(key) ? JsonValue.Create(text) : JsonNode.Parse(text);

    // Of a part that is to be a text and is none, the empty text is read, which no part can be.
    private static string TextOf(string key, JsonNode? node) => LedgerKeys.IsText(key)
        ? node is JsonValue value && value.TryGetValue<string>(out var text) ? text : ""
        : node?.ToJsonString() ?? "";
}

internal sealed class TelemetryStateJson
{
    public required string Format { get; init; }

    public bool Off { get; init; }

    public DateTimeOffset? NoticeShownAt { get; init; }

    public DateTimeOffset? LastRequestAt { get; init; }

    public string? LastResult { get; init; }

    public Dictionary<string, JsonNode?>? Ledger { get; init; }
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    RespectNullableAnnotations = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TelemetryStateJson))]
internal sealed partial class TelemetryStateJsonContext : JsonSerializerContext;
