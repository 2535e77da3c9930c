using System.Buffers;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Client;

/// <summary>Reads one line of a watch, <c>{"type":…,"object":…}</c>, without an intermediate document.</summary>
internal static class WatchEventJson
{
    public static WatchEvent<TEntity> Read<TEntity>(ReadOnlySequence<byte> line, JsonTypeInfo<TEntity> json)
        where TEntity : class
    {
        var type = TypeOf(line);
        var reader = Seek(line, "object"u8);
        if (type is null)
        {
            var status = JsonSerializer.Deserialize(ref reader, KubernetesJson.Default.V1Status) ?? new V1Status();
            throw new KubernetesException(status, (HttpStatusCode)(status.Code ?? 500));
        }

        var entity = JsonSerializer.Deserialize(ref reader, json) ?? throw new JsonException("A watch event has no object.");
        return new WatchEvent<TEntity>(type.Value, entity);
    }

    // Null for an error. The text itself is never decoded: what is not even UTF-8 must not throw anything but a JsonException.
    private static WatchEventType? TypeOf(ReadOnlySequence<byte> line)
    {
        var reader = Seek(line, "type"u8);
        return reader.TokenType != JsonTokenType.String ? throw Unknown()
            : reader.ValueTextEquals("ADDED"u8) ? WatchEventType.Added
            : reader.ValueTextEquals("MODIFIED"u8) ? WatchEventType.Modified
            : reader.ValueTextEquals("DELETED"u8) ? WatchEventType.Deleted
            : reader.ValueTextEquals("BOOKMARK"u8) ? WatchEventType.Bookmark
            : reader.ValueTextEquals("ERROR"u8) ? null
            : throw Unknown();
    }

    private static JsonException Unknown() => new("A watch event is of an unknown type.");

    // The order of the two members is not promised, so each is sought from the start; what is skipped is only tokenized.
    private static Utf8JsonReader Seek(ReadOnlySequence<byte> line, ReadOnlySpan<byte> member)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(member);
            reader.Read();
            if (found)
            {
                return reader;
            }

            reader.Skip();
        }

        throw new JsonException("A watch event lacks its type or object.");
    }
}
