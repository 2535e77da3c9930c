using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Client;

/// <summary>Reads one line of a watch, <c>{"type":…,"object":…}</c>, without an intermediate document.</summary>
internal static class WatchEventJson
{
    /// <param name="isKnown">See <see cref="ListOptions.IsKnown"/>.</param>
    public static WatchEvent<TEntity> Read<TEntity>(ReadOnlySpan<byte> line, JsonTypeInfo<TEntity> json, Func<string, bool>? isKnown)
        where TEntity : class
    {
        if (ReadType(line) is not { } type)
        {
            throw ApiErrors.Create(
                ReadObject(line, LibraryObjectJson.Default.V1Status) ?? new V1Status(), HttpStatusCode.InternalServerError);
        }

        if (isKnown is not null
            && type is WatchEventType.Added or WatchEventType.Modified
            && ReadResourceVersion(line) is { } version
            && isKnown(version))
        {
            return new WatchEvent<TEntity>(WatchEventType.Bookmark, CreateBookmark(version, json));
        }

        return new WatchEvent<TEntity>(type, ReadObject(line, json) ?? throw new JsonException("A watch event has no object."));
    }

    // Null for an error. Does not decode the text, so that invalid UTF-8 throws only a JsonException.
    private static WatchEventType? ReadType(ReadOnlySpan<byte> line)
    {
        var reader = Seek(line, "type"u8);
        return reader.TokenType != JsonTokenType.String ? throw UnknownType()
            : reader.ValueTextEquals("ADDED"u8) ? WatchEventType.Added
            : reader.ValueTextEquals("MODIFIED"u8) ? WatchEventType.Modified
            : reader.ValueTextEquals("DELETED"u8) ? WatchEventType.Deleted
            : reader.ValueTextEquals("BOOKMARK"u8) ? WatchEventType.Bookmark
            : reader.ValueTextEquals("ERROR"u8) ? null
            : throw UnknownType();
    }

    // Null if there is none, or one that is not plain text: then the object is read as any other.
    private static string? ReadResourceVersion(ReadOnlySpan<byte> line)
    {
        var reader = Seek(line, "object"u8);
        var isFound = reader.TokenType == JsonTokenType.StartObject && TryFindMember(ref reader, "metadata"u8)
            && reader.TokenType == JsonTokenType.StartObject && TryFindMember(ref reader, "resourceVersion"u8);
        return isFound && reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false } && Ascii.IsValid(reader.ValueSpan)
            ? reader.GetString()
            : null;
    }

    private static TEntity CreateBookmark<TEntity>(string version, JsonTypeInfo<TEntity> json)
        where TEntity : class
    {
        var text = $$$"""{"metadata":{"resourceVersion":"{{{JsonEncodedText.Encode(version)}}}"}}""";
        return JsonSerializer.Deserialize(text, json)!;
    }

    private static T? ReadObject<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> json)
        where T : class
    {
        var reader = Seek(line, "object"u8);
        var start = (int)reader.TokenStartIndex;
        try
        {
            // In practice the object is the last member, so try that first: finding its end would parse it twice.
            if (line[^1] == '}')
            {
                return EntityJson.Read(line[start..^1], json);
            }
        }
        catch (JsonException)
        {
            // It is not the last member, or not valid.
        }

        reader.Skip();
        return EntityJson.Read(line[start..(int)reader.BytesConsumed], json);
    }

    private static JsonException UnknownType() => new("A watch event is of an unknown type.");

    // The order of the two members is not guaranteed, so seek each from the start.
    private static Utf8JsonReader Seek(ReadOnlySpan<byte> line, ReadOnlySpan<byte> member)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        return TryFindMember(ref reader, member) ? reader : throw new JsonException("A watch event lacks its type or object.");
    }

    // From the start of an object to the value of its member.
    private static bool TryFindMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> member)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(member);
            reader.Read();
            if (found)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
