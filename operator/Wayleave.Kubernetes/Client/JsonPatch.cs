using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Wayleave.Kubernetes.Client;

/// <summary>
/// Builds a JSON patch (RFC 6902) of an object that must still be of one version: otherwise the API server answers with a conflict. Members
/// are set as a whole, so nothing of an old value remains.
/// </summary>
public sealed class JsonPatch(string? resourceVersion)
{
    private readonly JsonArray _operations = new(Create("replace", "/metadata/resourceVersion", resourceVersion));

    /// <summary>Sets the member at <paramref name="path"/>, whether it exists or not. Its parent must exist.</summary>
    public JsonPatch Set<T>(string path, T value, JsonTypeInfo<T> json)
    {
        _operations.Add((JsonNode)Create("add", path, JsonSerializer.SerializeToNode(value, json)));
        return this;
    }

    public V1Patch Build() => new(_operations.ToJsonString(), V1Patch.PatchType.JsonPatch);

    private static JsonObject Create(string operation, string path, JsonNode? value) =>
        new() { ["op"] = operation, ["path"] = path, ["value"] = value };
}
