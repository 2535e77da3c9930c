using System.Text.Json.Nodes;
using k8s.Models;

namespace Wayleave.Testing.Kubernetes;

/// <summary>Applies JSON patches (RFC 6902) that add or replace members of objects.</summary>
internal static class ClusterPatch
{
    public static JsonObject Apply(ObjectKey key, JsonObject current, V1Patch patch)
    {
        if (patch.Type != V1Patch.PatchType.JsonPatch)
        {
            throw new NotSupportedException($"{patch.Type} is more than this fake understands.");
        }

        var result = current.DeepClone().AsObject();
        foreach (var operation in JsonNode.Parse((string)patch.Content)!.AsArray())
        {
            Apply(result, (string)operation!["op"]!, (string)operation["path"]!, operation["value"]);
        }

        return (string?)result["metadata"]!["resourceVersion"] == (string?)current["metadata"]!["resourceVersion"]
            ? result
            : throw ClusterRefusal.Conflict(key, "the object has been modified");
    }

    private static void Apply(JsonObject entity, string operation, string path, JsonNode? value)
    {
        if (operation is not ("add" or "replace"))
        {
            throw new NotSupportedException($"\"{operation}\" is more than this fake understands.");
        }

        var names = path.Split('/')[1..];
        var parent = names[..^1].Aggregate(entity, (node, name) => node[name]!.AsObject());
        parent[names[^1]] = value?.DeepClone();
    }
}
