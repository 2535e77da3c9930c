using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Wayleave.Settings;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Reports;

/// <summary>
/// The JSON of <c>/telemetry</c>: the settings, the pending counts, the last request and the last acknowledged batch. Contains no secret.
/// Safe from any thread; reads what is in memory and waits for nothing.
/// </summary>
public sealed class TelemetryEndpoint(TelemetrySettings settings, SemanticVersion version, TelemetryStatistics statistics)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Shows the + of times and of base64 as it is.
    };

    /// <summary>The JSON if telemetry is off.</summary>
    public static string WriteDisabled(TelemetrySettings settings) =>
        Format(new JsonObject { ["enabled"] = false, ["disabledBy"] = settings.DisabledBy });

    public string Write()
    {
        var ledger = statistics.Ledger;
        var json = new JsonObject
        {
            ["enabled"] = true,
            ["usage"] = settings.Usage,
            ["errors"] = settings.Errors,
            ["endpoint"] = settings.Endpoint?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped),
            ["apiKey"] = settings.ApiKey is not null || settings.ApiKeyFile is not null,
            ["headers"] = new JsonArray([.. settings.Headers.Names.Select(name => JsonValue.Create(name))]),
            ["ownAuthorities"] = settings.CaFile is not null,
            ["activeInterval"] = DurationFormat.Format(settings.ActiveInterval),
            ["flushInterval"] = DurationFormat.Format(settings.FlushInterval),
            ["serviceVersion"] = version.Value,
            ["leading"] = ledger is not null,
        };
        if (ledger is not null)
        {
            AddLedger(json, ledger);
        }

        if (ledger is not null && statistics.Read().Failure is { } failure)
        {
            json["failure"] = new JsonObject
            {
                ["reason"] = failure.Reason,
                ["since"] = failure.Since,
                ["nextAttemptAt"] = failure.NextAttemptAt,
            };
        }

        if (ledger is not null && statistics.LastRequest is { } request)
        {
            json["lastRequest"] = new JsonObject
            {
                ["sequence"] = request.Sequence,
                ["at"] = request.At,
                ["contentType"] = "application/x-protobuf",
                ["contentEncoding"] = "gzip",
                ["body"] = Convert.ToBase64String(request.Body.Span),
            };
        }

        return Format(json);
    }

    private static string Format(JsonObject json) => json.ToJsonString(Indented) + "\n";

    private void AddLedger(JsonObject json, Ledger ledger)
    {
        json["contextId"] = statistics.Context?.Value;
        foreach (var (key, text) in LedgerSerializer.Write(ledger)
            .Where(entry => !entry.Key.StartsWith(LedgerKeys.ObjectsPrefix, StringComparison.Ordinal)))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(LedgerKeys.MemberName(key));
            json[name] = LedgerKeys.IsText(key) ? text : JsonNode.Parse(text);
        }

        json["objectsCounted"] = ledger.ObjectCount;
    }
}
