using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Client;

/// <summary>Reads the body of a list object by object as it arrives. Neither the text nor the objects are buffered as a whole.</summary>
/// <param name="json">The JSON contract of one object.</param>
/// <param name="each">Called for each object.</param>
internal sealed class ListStream<TEntity>(JsonTypeInfo<TEntity> json, Action<TEntity> each)
    where TEntity : class
{
    private JsonReaderState _state;
    private bool _inItems;
    private V1ListMeta _metadata = new();

    /// <summary>The list's own metadata.</summary>
    /// <exception cref="JsonException">The body is no list, or ends too early.</exception>
    public async Task<V1ListMeta> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        await ChunkedReader.ReadAsync(body, Take, cancellationToken);
        return _metadata;
    }

    // Parses complete objects and returns the number of bytes consumed.
    private int Take(ReadOnlySpan<byte> text, bool isAll)
    {
        var reader = new Utf8JsonReader(text, isAll, _state);
        while (_inItems ? TakeItem(ref reader, text) : TakeMember(ref reader, text))
        {
        }

        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private bool TakeItem(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        if (!TryReadValue(ref reader, text, out var value))
        {
            return false;
        }

        _inItems = reader.TokenType != JsonTokenType.EndArray || reader.CurrentDepth > 1;
        if (_inItems)
        {
            each(EntityJson.Read(value, json) ?? throw new JsonException("An item of a list is null."));
        }

        return true;
    }

    // The object's braces, and its members.
    private bool TakeMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        var before = reader;
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType != JsonTokenType.PropertyName)
        {
            return reader.TokenType is JsonTokenType.StartObject or JsonTokenType.EndObject
                ? true
                : throw new JsonException("The answer is no list.");
        }

        if (reader.ValueTextEquals("items"u8) ? TakeStart(ref reader) : TakeOther(ref reader, text))
        {
            return true;
        }

        reader = before;
        return false;
    }

    // Some lists without objects say null.
    private bool TakeStart(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        _inItems = reader.TokenType == JsonTokenType.StartArray;
        return _inItems || reader.TokenType == JsonTokenType.Null ? true : throw new JsonException("The items of the answer are no list.");
    }

    private bool TakeOther(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        var isMetadata = reader.ValueTextEquals("metadata"u8);
        if (!TryReadValue(ref reader, text, out var value))
        {
            return false;
        }

        if (isMetadata)
        {
            _metadata = JsonSerializer.Deserialize(value, LibraryObjectJson.Default.V1ListMeta) ?? _metadata;
        }

        return true;
    }

    private static bool TryReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, out ReadOnlySpan<byte> value)
    {
        var before = reader;
        if (reader.Read() && (int)reader.TokenStartIndex is var start && reader.TrySkip())
        {
            value = text[start..(int)reader.BytesConsumed];
            return true;
        }

        reader = before;
        value = default;
        return false;
    }
}
