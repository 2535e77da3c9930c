using System.Reflection;
using System.Text.Json.Nodes;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Api.Schema;
using Wayleave.Generator.Output;
using Wayleave.Kubernetes;

namespace Wayleave.Generator.Crds;

/// <summary>A CustomResourceDefinition (apiextensions.k8s.io/v1) for each class that is marked as a custom resource.</summary>
internal static class CrdFolder
{
    private const string Category = "wayleave";

    private static readonly XmlDocs Docs = XmlDocs.Load(typeof(Group).Assembly);

    public static GeneratedFolder Generate()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var type in typeof(Group).Assembly.GetTypes())
        {
            if (type.GetCustomAttribute<CustomResourceAttribute>() is { } resource)
            {
                var entity = type.GetCustomAttribute<KubernetesEntityAttribute>()!;
                files[$"{entity.Group}_{entity.PluralName}.yaml"] = YamlWriter.Write(BuildCrd(type, entity, resource));
            }
        }

        return new GeneratedFolder($"{Group.Name}_*.yaml", files);
    }

    private static JsonObject BuildCrd(Type type, KubernetesEntityAttribute entity, CustomResourceAttribute resource) => new()
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1",
        ["kind"] = "CustomResourceDefinition",
        ["metadata"] = new JsonObject { ["name"] = $"{entity.PluralName}.{entity.Group}" },
        ["spec"] = new JsonObject
        {
            ["group"] = entity.Group,
            ["names"] = new JsonObject
            {
                ["categories"] = new JsonArray(Category),
                ["kind"] = entity.Kind,
                ["listKind"] = $"{entity.Kind}List",
                ["plural"] = entity.PluralName,
                ["shortNames"] = new JsonArray(resource.ShortName),
                ["singular"] = entity.Kind.ToLowerInvariant(),
            },
            ["scope"] = (type.GetCustomAttribute<EntityScopeAttribute>()?.Scope ?? EntityScope.Namespaced).ToString(),
            ["versions"] = new JsonArray(BuildVersion(type, entity)),
        },
    };

    private static JsonObject BuildVersion(Type type, KubernetesEntityAttribute entity)
    {
        var version = new JsonObject
        {
            ["additionalPrinterColumns"] =
                new JsonArray([.. type.GetCustomAttributes<PrinterColumnAttribute>().OrderBy(column => column.Order).Select(BuildColumn)]),
            ["name"] = entity.ApiVersion,
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = new SchemaBuilder(Docs).BuildRoot(type) },
            ["served"] = true,
            ["storage"] = true,
        };
        if (type.GetProperty("Status") is not null)
        {
            version["subresources"] = new JsonObject { ["status"] = new JsonObject() };
        }

        return version;
    }

    private static JsonObject BuildColumn(PrinterColumnAttribute column)
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
