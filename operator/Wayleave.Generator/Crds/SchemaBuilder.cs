using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Wayleave.Api.Schema;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Generator.Crds;

/// <summary>Builds structural schemas (OpenAPI v3 as CRDs allow it) of the classes of the API.</summary>
internal sealed class SchemaBuilder(XmlDocs docs)
{
    private readonly NullabilityInfoContext _nullability = new();

    public JsonObject BuildRoot(Type type)
    {
        var schema = BuildObject(type);
        var properties = schema["properties"]!.AsObject();
        Describe(properties["apiVersion"]!.AsObject(), "Group and version of the schema of this object.");
        Describe(properties["kind"]!.AsObject(), "The kind of this object.");
        schema["required"] = new JsonArray([.. schema["required"]!.AsArray()
            .Select(name => name!.GetValue<string>())
            .Where(name => name != "metadata")
            .Select(name => (JsonNode)name)]);
        return Describe(schema, docs.GetSummary(type));
    }

    private JsonObject BuildObject(Type type)
    {
        var members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(member => !member.IsDefined(typeof(JsonIgnoreAttribute)))
            .OrderBy(GetName, StringComparer.Ordinal)
            .ToList();
        var properties = members.Select(member => KeyValuePair.Create<string, JsonNode?>(GetName(member), BuildProperty(member)));
        var schema = new JsonObject { ["properties"] = new JsonObject(properties), ["type"] = "object" };
        var required = members.Where(IsRequired).Select(member => (JsonNode)GetName(member)).ToArray();
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }

        foreach (var rule in type.GetCustomAttributes<SchemaAttribute>())
        {
            SchemaRules.Apply(rule, schema);
        }

        return schema;
    }

    private JsonObject BuildProperty(PropertyInfo member)
    {
        var schema = BuildValue(member.PropertyType);
        foreach (var rule in member.GetCustomAttributes<SchemaAttribute>())
        {
            SchemaRules.Apply(rule, rule.Items ? schema["items"]!.AsObject() : schema);
        }

        return Describe(schema, docs.GetSummary(member));
    }

    private JsonObject BuildValue(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        return type switch
        {
            _ when type == typeof(string) => new JsonObject { ["type"] = "string" },
            _ when type == typeof(bool) => new JsonObject { ["type"] = "boolean" },
            _ when type == typeof(int) => new JsonObject { ["format"] = "int32", ["type"] = "integer" },
            _ when type == typeof(PortNumberOrName) => new JsonObject
            {
                ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }),
                ["x-kubernetes-int-or-string"] = true,
            },
            _ when type == typeof(DateTime) => new JsonObject { ["format"] = "date-time", ["type"] = "string" },
            _ when type == typeof(long) => new JsonObject { ["format"] = "int64", ["type"] = "integer" },
            { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(List<>) =>
                new JsonObject { ["items"] = BuildValue(type.GetGenericArguments()[0]), ["type"] = "array" },
            _ when KnownSchemas.Find(type) is { } known => known,
            { IsClass: true } when type.Assembly == typeof(SchemaAttribute).Assembly => Describe(BuildObject(type), docs.GetSummary(type)),
            _ => throw new NotSupportedException($"{type} has no schema."),
        };
    }

    private static JsonObject Describe(JsonObject schema, string description)
    {
        if (description.Length > 0)
        {
            schema.Remove("description");
            schema.Insert(0, "description", description);
        }

        return schema;
    }

    private bool IsRequired(PropertyInfo member) =>
        member.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(member.PropertyType) is null
            : _nullability.Create(member).ReadState == NullabilityState.NotNull;

    private static string GetName(PropertyInfo member) =>
        member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(member.Name);
}
