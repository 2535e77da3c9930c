using System.Reflection;
using System.Text.Json.Nodes;
using Wayleave.Api.Schema;

namespace Wayleave.Generator.Crds;

/// <summary>Puts an attribute's rules into a schema.</summary>
internal static class SchemaRules
{
    public static void Apply(SchemaAttribute rule, JsonObject schema)
    {
        Minimum(schema, rule.Minimum);
        Number(schema, "maximum", rule.Maximum);
        Number(schema, "minLength", rule.MinLength);
        Number(schema, "maxLength", rule.MaxLength);
        Number(schema, "minItems", rule.MinItems);
        Number(schema, "maxItems", rule.MaxItems);
        Number(schema, "minProperties", rule.MinProperties);
        Number(schema, "maxProperties", rule.MaxProperties);
        Text(schema, "pattern", rule.Pattern);
        Text(schema, "x-kubernetes-list-type", rule.ListType);
        Text(schema, "x-kubernetes-map-type", rule.MapType);
        List(schema, "x-kubernetes-list-map-keys", rule.ListMapKey is null ? [] : [rule.ListMapKey]);
        List(schema, "enum", rule.EnumOf is null ? [] : Constants(rule.EnumOf));
        if (rule.RequireAnyOf.Length > 0)
        {
            schema["anyOf"] = new JsonArray(rule.RequireAnyOf.Select(Requires).ToArray());
        }
    }

    private static JsonNode Requires(string key) => new JsonObject { ["required"] = new JsonArray(key) };

    private static void Minimum(JsonObject schema, int value)
    {
        if (value != int.MinValue)
        {
            schema["minimum"] = value;
        }
    }

    private static void Number(JsonObject schema, string key, int value)
    {
        if (value > 0)
        {
            schema[key] = value;
        }
    }

    private static void Text(JsonObject schema, string key, string? value)
    {
        if (value is not null)
        {
            schema[key] = value;
        }
    }

    private static void List(JsonObject schema, string key, List<string> values)
    {
        if (values.Count > 0)
        {
            schema[key] = new JsonArray(values.Select(value => (JsonNode)value).ToArray());
        }
    }

    private static List<string> Constants(Type type) => type
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .Select(field => (string)field.GetRawConstantValue()!)
        .Order(StringComparer.Ordinal)
        .ToList();
}
