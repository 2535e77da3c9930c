using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Operator.Hosting;

namespace Wayleave.Cli.Output;

/// <summary>Prints objects of the API as <c>json</c>, <c>yaml</c> or <c>name</c>.</summary>
internal static class ObjectPrinter
{
    /// <summary>As kubectl prints one object, or a List of them.</summary>
    /// <param name="objects">As read from the API server.</param>
    /// <param name="isList">Whether several were asked for.</param>
    /// <param name="format">One of <see cref="OutputFormat"/>; not a table.</param>
    /// <param name="registry">Knows the kind. Null for that of the operator.</param>
    public static string Format<TEntity>(IReadOnlyList<TEntity> objects, bool isList, string format, EntityRegistry? registry = null)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = (registry ?? ApiClients.Registry).Get<TEntity>();
        if (format == OutputFormat.Name)
        {
            return string.Concat(objects.Select(entity => $"{Resource(definition.Entity)}/{TerminalText.Clean(entity.Metadata.Name)}\n"));
        }

        List<JsonNode?> nodes = [.. objects.Select(entity => ToNode(entity, definition))];
        var node = isList
            ? new JsonObject
            {
                ["apiVersion"] = "v1",
                ["items"] = new JsonArray([.. nodes]),
                ["kind"] = "List",
                ["metadata"] = new JsonObject(),
            }
            : nodes[0]!;
        return Format(node, format);
    }

    /// <summary>A value as JSON or YAML.</summary>
    public static string Format(JsonNode node, string format) =>
        format == OutputFormat.Json ? StructuredText.ToJson(node) : StructuredText.ToYaml(node);

    // Lists leave out the kind of their items, and kubectl does not show who manages which field.
    private static JsonNode? ToNode<TEntity>(TEntity entity, EntityDefinition<TEntity> definition)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        entity.ApiVersion = definition.GroupVersion;
        entity.Kind = definition.Entity.Kind;
        entity.Metadata.ManagedFields = null;
        return JsonSerializer.SerializeToNode(entity, definition.Json);
    }

    private static string Resource(KubernetesEntityAttribute entity) => string.IsNullOrEmpty(entity.Group)
        ? entity.Kind.ToLowerInvariant()
        : $"{entity.Kind.ToLowerInvariant()}.{entity.Group}";
}
