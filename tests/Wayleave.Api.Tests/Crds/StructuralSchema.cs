using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Wayleave.Api.Tests.Crds;

/// <summary>Validates as the API server does, for the keywords that our schemas use. An unknown keyword is an error.</summary>
internal static class StructuralSchema
{
    /// <summary>The errors, each as a path and the keyword that rejects the value there.</summary>
    public static IEnumerable<string> Errors(JsonNode? value, JsonObject schema, string path = "") =>
        schema.SelectMany(rule => Errors(rule.Key, rule.Value!, value, path)).Concat(Nested(value, schema, path));

    private static IEnumerable<string> Errors(string keyword, JsonNode rule, JsonNode? value, string path)
    {
        var holds = keyword switch
        {
            "description" or "properties" or "additionalProperties" or "items" or "format" => true,
            "x-kubernetes-list-type" or "x-kubernetes-list-map-keys" => true,
            "x-kubernetes-int-or-string" => TypeOf(value) is "integer" or "string",
            "type" => TypeOf(value) == (string?)rule,
            "required" => value is not JsonObject map || rule.AsArray().All(key => map.ContainsKey((string)key!)),
            "enum" => rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)),
            // An alternative lists only the fields that it requires.
            "anyOf" => rule.AsArray().Any(schema => Errors(value, schema!.AsObject(), path).All(error => error.EndsWith(" unknown", StringComparison.Ordinal))),
            "pattern" => Text(value) is not { } text || Regex.IsMatch(text, (string)rule!, RegexOptions.None, TimeSpan.FromSeconds(1)),
            "minLength" => Text(value) is not { } text || text.Length >= (long)rule,
            "maxLength" => Text(value) is not { } text || text.Length <= (long)rule,
            "minimum" => Number(value) is not { } number || number >= (long)rule,
            "maximum" => Number(value) is not { } number || number <= (long)rule,
            "minItems" => value is not JsonArray list || list.Count >= (long)rule,
            "maxItems" => value is not JsonArray list || list.Count <= (long)rule,
            "minProperties" => value is not JsonObject map || map.Count >= (long)rule,
            "maxProperties" => value is not JsonObject map || map.Count <= (long)rule,
            _ => false,
        };
        return holds ? [] : [$"{path} {keyword.Replace("x-kubernetes-int", "int", StringComparison.Ordinal)}"];
    }

    private static IEnumerable<string> Nested(JsonNode? value, JsonObject schema, string path) => value switch
    {
        JsonArray list when schema["items"] is JsonObject items =>
            list.SelectMany((item, index) => Errors(item, items, $"{path}[{index}]")),
        JsonObject map when schema["additionalProperties"] is JsonObject values =>
            map.SelectMany(entry => Errors(entry.Value, values, $"{path}.{entry.Key}")),
        JsonObject map when schema["properties"] is JsonObject properties =>
            map.SelectMany(entry => properties[entry.Key] is JsonObject known
                ? Errors(entry.Value, known, $"{path}.{entry.Key}".TrimStart('.'))
                : [$"{path}.{entry.Key} unknown"]),
        _ => [],
    };

    private static string? Text(JsonNode? value) => TypeOf(value) == "string" ? (string?)value : null;

    private static long? Number(JsonNode? value) => TypeOf(value) == "integer" ? (long?)value : null;

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "integer",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
