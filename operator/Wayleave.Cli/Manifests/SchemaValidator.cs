using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Wayleave.Cli.Output;

namespace Wayleave.Cli.Manifests;

/// <summary>
/// Validates an object with the schema of its CRD, which is in this program. Knows the keywords that these CRDs use, and neither CEL nor
/// list types; the operator's validators check the same rules. Unknown fields are errors.
/// </summary>
internal sealed class SchemaValidator
{
    private static readonly TimeSpan _regexTimeout = TimeSpan.FromSeconds(1);
    private readonly List<(string Path, string Message)> _errors = [];

    private SchemaValidator()
    {
    }

    /// <summary>The schemas of the kinds of this group, by kind.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Schemas { get; } = ReadSchemas();

    /// <summary>The errors, each with the path of its field.</summary>
    public static IReadOnlyList<(string Path, string Message)> Validate(ManifestDocument document)
    {
        var validator = new SchemaValidator();
        validator.Check(document.Content, Schemas[document.Kind!], "");
        return validator._errors;
    }

    private static Dictionary<string, JsonObject> ReadSchemas()
    {
        var assembly = typeof(SchemaValidator).Assembly;
        var schemas = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("crds/", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var spec = ManifestReader.Read(name, reader.ReadToEnd())[0].Content["spec"]!;
            schemas[spec["names"]!["kind"]!.GetValue<string>()] = spec["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();
        }

        return schemas;
    }

    private void Check(JsonNode? value, JsonObject schema, string path)
    {
        if (value is null)
        {
            // The API server drops a null, unless the field is required, which the object around it reports.
            return;
        }

        if (!IsOfType(value, schema))
        {
            Add(path, $"must be {Describe(TypeOf(schema))}, not {Describe(TypeOf(value))}");
            return;
        }

        switch (value)
        {
            case JsonObject map:
                CheckMap(map, schema, path);
                break;
            case JsonArray list:
                CheckList(list, schema, path);
                break;
            default:
                CheckScalar((JsonValue)value, schema, path);
                break;
        }

        CheckAlternatives(value, schema, path);
    }

    private void CheckMap(JsonObject map, JsonObject schema, string path)
    {
        foreach (var required in (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()))
        {
            if (map[required] is null)
            {
                Add(Join(path, required), "is required");
            }
        }

        var properties = schema["properties"] as JsonObject;
        foreach (var (name, value) in map)
        {
            if (properties?[name] is JsonObject known)
            {
                Check(value, known, Join(path, name));
            }
            else if (schema["additionalProperties"] is JsonObject values)
            {
                Check(value, values, Join(path, name));
            }
            else if (properties is not null)
            {
                Add(Join(path, name), $"unknown field; use one of {string.Join(", ", properties.Select(property => property.Key))}");
            }
        }

        CheckCount(map.Count, schema, path, "maxProperties", "minProperties", "fields");
    }

    private void CheckList(JsonArray list, JsonObject schema, string path)
    {
        CheckCount(list.Count, schema, path, "maxItems", "minItems", "items");
        if (schema["items"] is not JsonObject items)
        {
            return;
        }

        for (var i = 0; i < list.Count; i++)
        {
            Check(list[i], items, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
        }
    }

    private void CheckScalar(JsonValue value, JsonObject schema, string path)
    {
        if (schema["enum"] is JsonArray allowed && !allowed.Any(item => JsonNode.DeepEquals(item, value)))
        {
            Add(path, $"{value.ToJsonString()} is not allowed; use one of {string.Join(", ", allowed.Select(item => item?.ToString()))}");
        }

        if (value.GetValueKind() == JsonValueKind.String)
        {
            var text = value.GetValue<string>();
            CheckCount(text.EnumerateRunes().Count(), schema, path, "maxLength", "minLength", "characters");
            if (schema["pattern"]?.GetValue<string>() is { } pattern
                && !Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, _regexTimeout))
            {
                Add(path, $"{value.ToJsonString()} does not match {pattern}");
            }
        }
        else if (value.GetValueKind() == JsonValueKind.Number)
        {
            CheckCount(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture), schema, path, "maximum", "minimum", unit: null);
        }
    }

    private void CheckCount(double count, JsonObject schema, string path, string most, string least, string? unit)
    {
        if (Limit(schema, most) is { } upper && count > upper)
        {
            Add(path, FormatLimit("at most", upper, count, unit));
        }

        if (Limit(schema, least) is { } lower && count < lower)
        {
            Add(path, FormatLimit("at least", lower, count, unit));
        }
    }

    private static string FormatLimit(string comparison, double limit, double count, string? unit) => unit is null
        ? string.Create(CultureInfo.InvariantCulture, $"must be {comparison} {limit}, is {count}")
        : string.Create(CultureInfo.InvariantCulture, $"must have {comparison} {limit} {(limit == 1 ? unit[..^1] : unit)}, has {count}");

    // In these CRDs, alternatives have no types of their own. What they say is best said by the operator's validators, which run too.
    private void CheckAlternatives(JsonNode value, JsonObject schema, string path)
    {
        if (schema["anyOf"] is JsonArray any && schema["x-kubernetes-int-or-string"] is null && !any.Any(one => MatchesAlternative(value, one)))
        {
            Add(path, $"must match one of these: {string.Join("; ", any.OfType<JsonObject>().Select(DescribeAlternative))}");
        }

        if (schema["oneOf"] is JsonArray only && only.Count(one => MatchesAlternative(value, one)) != 1)
        {
            var names = only.SelectMany(one => one?["required"] as JsonArray ?? []).Select(name => name?.ToString());
            Add(path, $"not exactly one of {string.Join(", ", names)}; set one of them");
        }
    }

    // Such as: operator In or NotIn, values not empty.
    private static string DescribeAlternative(JsonObject schema) => string.Join(
        ", ",
        (schema["properties"] as JsonObject ?? []).Select(property => property.Value switch
        {
            JsonObject rule when rule["enum"] is JsonArray allowed => $"{property.Key} {string.Join(" or ", allowed.Select(item => item?.ToString()))}",
            JsonObject rule when Limit(rule, "maxItems") == 0 => $"{property.Key} empty",
            JsonObject rule when Limit(rule, "minItems") > 0 => $"{property.Key} not empty",
            _ => property.Key,
        }));

    private static bool MatchesAlternative(JsonNode value, JsonNode? schema)
    {
        if (schema is not JsonObject map)
        {
            return false;
        }

        var nested = new SchemaValidator();
        nested.Check(value, AllowOtherFields(map), "");
        return nested._errors.Count == 0;
    }

    // Fields that an alternative does not mention are those of the schema around it.
    private static JsonObject AllowOtherFields(JsonObject schema)
    {
        var relaxed = schema.DeepClone().AsObject();
        if (relaxed["properties"] is JsonObject)
        {
            relaxed["additionalProperties"] = new JsonObject();
        }

        return relaxed;
    }

    private void Add(string path, string message) => _errors.Add((path, TerminalText.Clean(message)));

    private static bool IsOfType(JsonNode value, JsonObject schema) => TypeOf(schema) switch
    {
        "" => true,
        "int-or-string" => TypeOf(value) is "integer" or "string",
        "number" => TypeOf(value) is "integer" or "number",
        var type => TypeOf(value) == type,
    };

    private static string TypeOf(JsonObject schema) =>
        schema["x-kubernetes-int-or-string"] is not null ? "int-or-string" : schema["type"]?.GetValue<string>() ?? "";

    private static string TypeOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? "integer" : "number",
    };

    private static string Describe(string type) => type switch
    {
        "int-or-string" => "an integer or a string",
        "array" or "integer" or "object" => $"an {type}",
        _ => $"a {type}",
    };

    private static double? Limit(JsonObject schema, string name) =>
        schema[name] is { } limit ? double.Parse(limit.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
