using System.Reflection;
using System.Text.Json.Nodes;
using k8s.Models;
using Wayleave.Api.Schema;
using Wayleave.Kubernetes;

namespace Wayleave.Generator.Crds;

/// <summary>Builds one CustomResourceDefinition (apiextensions.k8s.io/v1).</summary>
internal static class CrdBuilder
{
    private const string Category = "wayleave";

    public static JsonObject Build(Type type, XmlDocs docs)
    {
        var entity = type.GetCustomAttribute<KubernetesEntityAttribute>()!;
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{entity.PluralName}.{entity.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = entity.Group,
                ["names"] = Names(type, entity),
                ["scope"] = (type.GetCustomAttribute<EntityScopeAttribute>()?.Scope ?? EntityScope.Namespaced).ToString(),
                ["versions"] = new JsonArray(Version(type, entity, docs)),
            },
        };
    }

    private static JsonObject Names(Type type, KubernetesEntityAttribute entity) => new()
    {
        ["categories"] = new JsonArray(Category),
        ["kind"] = entity.Kind,
        ["listKind"] = $"{entity.Kind}List",
        ["plural"] = entity.PluralName,
        ["shortNames"] = new JsonArray(type.GetCustomAttribute<CustomResourceAttribute>()!.ShortName),
        ["singular"] = entity.Kind.ToLowerInvariant(),
    };

    private static JsonObject Version(Type type, KubernetesEntityAttribute entity, XmlDocs docs) => new()
    {
        ["additionalPrinterColumns"] = new JsonArray(Columns(type)),
        ["name"] = entity.ApiVersion,
        ["schema"] = new JsonObject { ["openAPIV3Schema"] = new SchemaBuilder(docs).Root(type) },
        ["served"] = true,
        ["storage"] = true,
        ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
    };

    private static JsonNode[] Columns(Type type) =>
        type.GetCustomAttributes<PrinterColumnAttribute>().OrderBy(column => column.Order).Select(Column).ToArray<JsonNode>();

    private static JsonObject Column(PrinterColumnAttribute column)
    {
        var result = new JsonObject { ["jsonPath"] = column.JsonPath, ["name"] = column.Name };
        if (column.IsWide)
        {
            result["priority"] = 1;
        }

        result["type"] = column.Type;
        return result;
    }
}
