using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Client;

/// <summary>Reads the body of a list object by object as it arrives. Neither the text nor the objects are buffered as a whole.</summary>
internal sealed class ListStream<TEntity>(JsonTypeInfo<TEntity> json, Action<TEntity> each)
    where TEntity : class
{
    private JsonReaderState _state;
    private bool _isInItems;
    private V1ListMeta _metadata = new();

    /// <summary>The list's own metadata.</summary>
    /// <exception cref="JsonException">The body is no list, or ends too early.</exception>
    public async Task<V1ListMeta> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        await ChunkedReader.ReadAsync(body, ParseComplete, cancellationToken);
        return _metadata;
    }

    // Parses complete objects and returns the number of bytes consumed.
    private int ParseComplete(ReadOnlySpan<byte> text, bool isAll)
    {
        var reader = new Utf8JsonReader(text, isAll, _state);
        while (_isInItems ? TryParseItem(ref reader, text) : TryParseMember(ref reader, text))
        {
        }

        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private bool TryParseItem(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        if (!TryReadValue(ref reader, text, out var value))
        {
            return false;
        }

        _isInItems = reader.TokenType != JsonTokenType.EndArray || reader.CurrentDepth > 1;
        if (_isInItems)
        {
            each(EntityJson.Read(value, json) ?? throw new JsonException("An item of a list is null."));
        }

        return true;
    }

    // The object's braces, and its members.
    private bool TryParseMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
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
                : throw new JsonException("The response is not a list.");
        }

        if (reader.ValueTextEquals("items"u8) ? TryParseItemsStart(ref reader) : TryParseOther(ref reader, text))
        {
            return true;
        }

        reader = before;
        return false;
    }

    // Some lists without objects say null.
    private bool TryParseItemsStart(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        _isInItems = reader.TokenType == JsonTokenType.StartArray;
        return _isInItems || reader.TokenType == JsonTokenType.Null
            ? true
            : throw new JsonException("The items of the response are not a list.");
    }

    private bool TryParseOther(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
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
