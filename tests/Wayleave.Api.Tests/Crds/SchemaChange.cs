using System.Text.Json.Nodes;

namespace Wayleave.Api.Tests.Crds;

/// <summary>Finds what a later schema rejects and an earlier one accepted.</summary>
internal static class SchemaChange
{
    private static readonly string[] _bounds = ["maxLength", "maxItems", "maxProperties", "maximum"];
    private static readonly string[] _floors = ["minLength", "minItems", "minProperties", "minimum"];
    private static readonly string[] _fixed = ["type", "pattern", "format", "anyOf", "x-kubernetes-list-type", "x-kubernetes-list-map-keys"];

    public static IEnumerable<string> Narrowings(JsonObject before, JsonObject after, string path = "") =>
        OwnNarrowings(before, after, path)
            .Concat(Of(before, "properties").SelectMany(property => Of(after, "properties")[property.Key] is JsonObject still
                ? Narrowings(property.Value!.AsObject(), still, $"{path}.{property.Key}")
                : [$"{path}.{property.Key} is gone"]))
            .Concat(before["items"] is JsonObject items ? Narrowings(items, after["items"]!.AsObject(), $"{path}[]") : []);

    private static IEnumerable<string> OwnNarrowings(JsonObject before, JsonObject after, string path)
    {
        string[] changed =
        [
            .. _fixed.Where(rule => !JsonNode.DeepEquals(before[rule], after[rule])),
            .. _bounds.Where(rule => after[rule] is { } bound && (before[rule] is not { } earlier || (long)bound < (long)earlier)),
            .. _floors.Where(rule => after[rule] is { } floor && (before[rule] is not { } earlier || (long)floor > (long)earlier)),
            .. Texts(after["required"]).Except(Texts(before["required"]), StringComparer.Ordinal).Select(name => $"required {name}"),
            .. after["enum"] is null ? [] : before["enum"] is null ? ["enum"] : Texts(before["enum"]).Except(Texts(after["enum"]), StringComparer.Ordinal).Select(word => $"enum {word}"),
        ];
        return changed.Select(rule => $"{path} {rule}");
    }

    private static JsonObject Of(JsonObject schema, string name) => schema[name] as JsonObject ?? [];

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(item => item!.ToJsonString());
}
