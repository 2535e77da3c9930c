using System.Text.Json;
using System.Text.RegularExpressions;

namespace Wayleave.Telemetry.Tests.Records;

/// <summary>Validates a value against a JSON schema. Supports only the keywords that the schema of records uses.</summary>
internal static class SchemaCheck
{
    public static bool Fits(JsonElement schema, JsonElement value) => schema.EnumerateObject().All(keyword => keyword.Name switch
    {
        "oneOf" => keyword.Value.EnumerateArray().Count(one => Fits(one, value)) == 1,
        "const" => JsonElement.DeepEquals(keyword.Value, value),
        "enum" => keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
        "type" => IsOf(keyword.Value.GetString()!, value),
        "minimum" => value.GetInt64() >= keyword.Value.GetInt64(),
        "pattern" => Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)),
        "format" => DateTimeOffset.TryParse(value.GetString(), null, out _),
        "required" => keyword.Value.EnumerateArray().All(key => value.TryGetProperty(key.GetString()!, out _)),
        "properties" => keyword.Value.EnumerateObject().All(property => !value.TryGetProperty(property.Name, out var member) || Fits(property.Value, member)),
        "additionalProperties" => value.EnumerateObject().All(member => schema.GetProperty("properties").TryGetProperty(member.Name, out _)),
        "$schema" or "title" or "description" => true,
        _ => throw new NotSupportedException(keyword.Name),
    });

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => throw new NotSupportedException(type),
    };
}
