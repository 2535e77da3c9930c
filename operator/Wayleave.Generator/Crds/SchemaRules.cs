using System.Reflection;
using System.Text.Json.Nodes;
using Wayleave.Api.Schema;

namespace Wayleave.Generator.Crds;

/// <summary>Puts an attribute's rules into a schema.</summary>
internal static class SchemaRules
{
    public static void Apply(SchemaAttribute rule, JsonObject schema)
    {
        Set("minimum", rule.Minimum == int.MinValue ? null : rule.Minimum);
        SetNumber("maximum", rule.Maximum);
        SetNumber("minLength", rule.MinLength);
        SetNumber("maxLength", rule.MaxLength);
        SetNumber("minItems", rule.MinItems);
        SetNumber("maxItems", rule.MaxItems);
        SetNumber("minProperties", rule.MinProperties);
        SetNumber("maxProperties", rule.MaxProperties);
        Set("pattern", rule.Pattern);
        Set("x-kubernetes-list-type", rule.ListType);
        Set("x-kubernetes-map-type", rule.MapType);
        Set("x-kubernetes-list-map-keys", rule.ListMapKey is null ? null : new JsonArray(rule.ListMapKey));
        Set("enum", rule.EnumOf is null ? null : GetConstants(rule.EnumOf));
        Set("anyOf", rule.RequireAnyOf is [] ? null : new JsonArray([.. rule.RequireAnyOf.Select(Require)]));

        void Set(string key, JsonNode? value)
        {
            if (value is not null)
            {
                schema[key] = value;
            }
        }

        void SetNumber(string key, int value) => Set(key, value > 0 ? value : null);
    }

    private static JsonObject Require(string key) => new() { ["required"] = new JsonArray(key) };

    private static JsonArray GetConstants(Type type) => new([.. type
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .Select(field => (string)field.GetRawConstantValue()!)
        .Order(StringComparer.Ordinal)]);
}
