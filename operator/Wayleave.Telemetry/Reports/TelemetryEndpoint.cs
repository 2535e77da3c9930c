using System.Text.Json;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Reports;

/// <summary>
/// The JSON of <c>/telemetry</c>: the settings, the pending counts, the last request and the last acknowledged batch. Contains no secret.
/// Safe from any thread; reads what is in memory and waits for nothing.
/// </summary>
public sealed class TelemetryEndpoint
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    private readonly TelemetrySettings _settings;
    private readonly SemanticVersion _version;
    private readonly TelemetryStatistics _statistics;
    private readonly RequestTracker _sent;

    internal TelemetryEndpoint(TelemetrySettings settings, SemanticVersion version, TelemetryStatistics statistics, RequestTracker sent) =>
        (_settings, _version, _statistics, _sent) = (settings, version, statistics, sent);

    /// <summary>The JSON if telemetry is off.</summary>
    public static byte[] WriteOff(TelemetrySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Write(json =>
        {
            json.WriteBoolean("enabled", false);
            json.WriteString("disabledBy", settings.DisabledBy);
        });
    }

    public byte[] Write() => Write(json =>
    {
        var ledger = _statistics.Ledger;
        WriteSettings(json);
        json.WriteBoolean("leading", ledger is not null);
        if (ledger is not null)
        {
            WriteLedger(json, ledger);
            WriteFailure(json, _statistics.Read().Failure);
            WriteRequest(json, _sent.Last);
        }
    });

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private void WriteSettings(Utf8JsonWriter json)
    {
        json.WriteBoolean("enabled", true);
        json.WriteBoolean("usage", _settings.Usage);
        json.WriteBoolean("errors", _settings.Errors);
        json.WriteString("endpoint", _settings.Endpoint?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped));
        json.WriteBoolean("apiKey", _settings.ApiKey is not null || _settings.ApiKeyFile is not null);
        json.WriteStartArray("headers");
        foreach (var name in _settings.Headers.Names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteBoolean("ownAuthorities", _settings.CaFile is not null);
        json.WriteString("activeInterval", DurationFormat.Write(_settings.ActiveInterval));
        json.WriteString("flushInterval", DurationFormat.Write(_settings.FlushInterval));
        json.WriteString("serviceVersion", _version.Value);
    }

    private void WriteLedger(Utf8JsonWriter json, Ledger ledger)
    {
        json.WriteString("contextId", _statistics.Context?.Value);
        foreach (var (key, text) in LedgerSerializer.Write(ledger)
            .Where(entry => !entry.Key.StartsWith(LedgerKeys.ObjectsPrefix, StringComparison.Ordinal)))
        {
            json.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(LedgerKeys.MemberName(key)));
            if (LedgerKeys.IsText(key))
            {
                json.WriteStringValue(text);
            }
            else
            {
                json.WriteRawValue(text);
            }
        }

        json.WriteNumber("objectsCounted", ledger.ObjectCount);
    }

    private static void WriteFailure(Utf8JsonWriter json, DeliveryFailure? failure)
    {
        if (failure is not null)
        {
            json.WriteStartObject("failure");
            json.WriteString("reason", failure.Reason);
            json.WriteString("since", failure.Since);
            json.WriteString("nextAttemptAt", failure.NextAttemptAt);
            json.WriteEndObject();
        }
    }

    private static void WriteRequest(Utf8JsonWriter json, SentRequest? request)
    {
        if (request is not null)
        {
            json.WriteStartObject("lastRequest");
            json.WriteNumber("sequence", request.Sequence);
            json.WriteString("at", request.At);
            json.WriteString("contentType", "application/x-protobuf");
            json.WriteString("contentEncoding", "gzip");
            json.WriteBase64String("body", request.Body.Span);
            json.WriteEndObject();
        }
    }
}
