using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Wayleave.Kubernetes.Client;

/// <summary>Makes JSON patches (RFC 6902).</summary>
public static class JsonPatch
{
    /// <summary>
    /// Sets the member at <paramref name="path"/> to <paramref name="value"/> as a whole, provided that the object is still of
    /// <paramref name="resourceVersion"/>: otherwise the API server answers with a conflict.
    /// </summary>
    public static V1Patch Set<T>(string path, T value, JsonTypeInfo<T> json, string? resourceVersion)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartArray();
            Start(writer, "replace", "/metadata/resourceVersion");
            writer.WriteStringValue(resourceVersion);
            writer.WriteEndObject();
            Start(writer, "add", path);
            JsonSerializer.Serialize(writer, value, json);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        return new V1Patch(Encoding.UTF8.GetString(body.WrittenSpan), V1Patch.PatchType.JsonPatch);
    }

    private static void Start(Utf8JsonWriter writer, string operation, string path)
    {
        writer.WriteStartObject();
        writer.WriteString("op", operation);
        writer.WriteString("path", path);
        writer.WritePropertyName("value");
    }
}
