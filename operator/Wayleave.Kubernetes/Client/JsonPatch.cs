using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Wayleave.Kubernetes.Client;

/// <summary>
/// Builds a JSON patch (RFC 6902) of an object that must still be of one version: otherwise the API server answers with a conflict. Members
/// are set as a whole, so nothing of an old value remains.
/// </summary>
public sealed class JsonPatch(string? resourceVersion)
{
    private readonly List<(string Path, Action<Utf8JsonWriter> Value)> _members = [];

    /// <summary>Sets the member at <paramref name="path"/>, whether it exists or not. Its parent must exist.</summary>
    public JsonPatch Set<T>(string path, T value, JsonTypeInfo<T> json)
    {
        _members.Add((path, writer => JsonSerializer.Serialize(writer, value, json)));
        return this;
    }

    /// <summary>The patch with all members that were set.</summary>
    public V1Patch Build()
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartArray();
            Write(writer, "replace", "/metadata/resourceVersion", version => version.WriteStringValue(resourceVersion));
            _members.ForEach(member => Write(writer, "add", member.Path, member.Value));
            writer.WriteEndArray();
        }

        return new V1Patch(Encoding.UTF8.GetString(body.WrittenSpan), V1Patch.PatchType.JsonPatch);
    }

    private static void Write(Utf8JsonWriter writer, string operation, string path, Action<Utf8JsonWriter> value)
    {
        writer.WriteStartObject();
        writer.WriteString("op", operation);
        writer.WriteString("path", path);
        writer.WritePropertyName("value");
        value(writer);
        writer.WriteEndObject();
    }
}
