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
        if (type == "ERROR")
        {
            var status = JsonSerializer.Deserialize(ref reader, KubernetesJson.Default.V1Status) ?? new V1Status();
            throw new KubernetesException(status, (HttpStatusCode)(status.Code ?? 500));
        }

        var entity = JsonSerializer.Deserialize(ref reader, json) ?? throw new JsonException("A watch event has no object.");
        return new WatchEvent<TEntity>(Parse(type), entity);
    }

    private static WatchEventType Parse(string? type) => type switch
    {
        "ADDED" => WatchEventType.Added,
        "MODIFIED" => WatchEventType.Modified,
        "DELETED" => WatchEventType.Deleted,
        "BOOKMARK" => WatchEventType.Bookmark,
        _ => throw new JsonException($"A watch event is of an unknown type."),
    };

    private static string? TypeOf(ReadOnlySequence<byte> line)
    {
        var reader = Seek(line, "type"u8);
        return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }

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
