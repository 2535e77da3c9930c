using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Generator.Docs;

/// <summary>A JSON schema (draft 2020-12) of one record, in the form in which the log, the ledger and /telemetry show it.</summary>
internal static class RecordSchema
{
    public static string Build() => new JsonObject
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "A telemetry record of Wayleave",
        ["oneOf"] = new JsonArray([.. UsageCatalog.All.Where(usage => !usage.IsPlanned).Select(BuildRecord)]),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";

    private static JsonObject BuildRecord(UsageEvent usage) => BuildObject(
        usage.Description,
        new JsonObject
        {
            ["name"] = new JsonObject { ["const"] = usage.Name },
            ["time"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            ["attributes"] = BuildAttributes(usage),
        },
        ["name", "time", "attributes"]);

    private static JsonObject BuildAttributes(UsageEvent usage)
    {
        var common = UsageAttributeCatalog.Common.Where(
            attribute => attribute != UsageAttributeCatalog.Total || usage.Total != UsageTotal.None).ToList();
        var properties = new JsonObject();
        foreach (var attribute in common.Concat(usage.Attributes))
        {
            properties[attribute.Key] = BuildValue(attribute, usage);
        }

        // A total is left out until it is known, and ACTIVE has no cluster profile if it cannot be read. A command may have no verb and no
        // options.
        var required = common
            .Where(attribute => attribute != UsageAttributeCatalog.Total)
            .Concat(usage == UsageCatalog.Errors ? usage.Attributes : [])
            .Concat(usage == UsageCatalog.CliCommand ? [UsageAttributeCatalog.Noun] : []);
        return BuildObject(null, properties, [.. required.Select(attribute => attribute.Key)]);
    }

    private static JsonObject BuildObject(string? description, JsonObject properties, string[] required)
    {
        var closed = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray([.. required.Select(key => JsonValue.Create(key))]),
            ["properties"] = properties,
        };
        if (description is not null)
        {
            closed["description"] = description;
        }

        return closed;
    }

    private static JsonObject BuildValue(UsageAttribute attribute, UsageEvent usage) => attribute.Kind switch
    {
        AttributeKind.Number => new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
        AttributeKind.Flag => new JsonObject { ["type"] = "boolean" },
        AttributeKind.Choice => new JsonObject { ["enum"] = new JsonArray([.. attribute.Values.Select(value => JsonValue.Create(value))]) },
        AttributeKind.Words => BuildPattern($"^({string.Join('|', attribute.Values)})(,({string.Join('|', attribute.Values)}))*$"),
        AttributeKind.Uuid => BuildPattern("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
        AttributeKind.Hash => BuildPattern("^[0-9a-f]{64}$"),
        AttributeKind.EventName => new JsonObject { ["const"] = usage.Name },
        AttributeKind.EventType => new JsonObject { ["const"] = usage.Type },
        _ => throw new NotSupportedException($"There is no schema for {attribute.Kind}."),
    };

    private static JsonObject BuildPattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };
}
