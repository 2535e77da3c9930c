using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>
/// Reads the body of a list in protobuf object by object as it arrives, as <see cref="ListStream{TEntity}"/> does in JSON. All lists have
/// their metadata in field 1 and their objects in field 2.
/// </summary>
internal sealed class ProtobufListStream<TEntity>(MessageParser<TEntity> parser, Action<TEntity> each)
{
    private State _state;
    private ulong _remaining;
    private V1ListMeta _metadata = new();

    private enum State
    {
        Magic,
        Envelope,
        List,
        End,
    }

    /// <returns>The list's own metadata.</returns>
    /// <exception cref="InvalidDataException">The body is not a list, or ends too early.</exception>
    public async Task<V1ListMeta> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        await ChunkedReader.ReadAsync(body, ParseComplete, cancellationToken);
        return _state == State.End ? _metadata : throw ProtobufReader.Malformed();
    }

    // Parses complete fields and returns the number of bytes consumed.
    private int ParseComplete(ReadOnlySpan<byte> bytes, bool isAll)
    {
        var taken = 0;
        while (_state != State.End && ParseNext(bytes[taken..]) is var length and > 0)
        {
            taken += length;
        }

        // What follows the list in its envelope is not used.
        return _state == State.End ? bytes.Length : taken;
    }

    private int ParseNext(ReadOnlySpan<byte> bytes)
    {
        if (_state == State.Magic)
        {
            return ParseMagic(bytes);
        }

        var headerLength = ReadHeader(bytes, out var tag, out var length);
        if (headerLength == 0)
        {
            return 0;
        }

        if (_state == State.Envelope && tag == EncodeTag(2))
        {
            (_state, _remaining) = (length == 0 ? State.End : State.List, length);
            return headerLength;
        }

        if ((ulong)(bytes.Length - headerLength) < length)
        {
            return 0;
        }

        var taken = headerLength + (int)length;
        if (_state == State.List)
        {
            ParseField(tag, bytes[headerLength..taken]);
            _remaining = (ulong)taken <= _remaining ? _remaining - (ulong)taken : throw ProtobufReader.Malformed();
            _state = _remaining == 0 ? State.End : State.List;
        }

        return taken;
    }

    private int ParseMagic(ReadOnlySpan<byte> bytes)
    {
        var magic = ProtobufEnvelope.Magic;
        if (bytes.Length < magic.Length)
        {
            return 0;
        }

        _state = bytes.StartsWith(magic) ? State.Envelope : throw ProtobufReader.Malformed();
        return magic.Length;
    }

    private void ParseField(ulong tag, ReadOnlySpan<byte> value)
    {
        if (tag == EncodeTag(1))
        {
            _metadata = MetadataMessages.ListMetadata.Parse(new ProtobufReader(value));
        }
        else if (tag == EncodeTag(2))
        {
            each(parser.Parse(new ProtobufReader(value)));
        }
    }

    // Lists and their envelope have only fields with a length.
    private static int ReadHeader(ReadOnlySpan<byte> bytes, out ulong tag, out ulong length)
    {
        length = 0;
        var first = ProtobufReader.ReadVarint(bytes, out tag);
        if (first == 0)
        {
            return 0;
        }

        if ((tag & 7) != 2)
        {
            throw ProtobufReader.Malformed();
        }

        var second = ProtobufReader.ReadVarint(bytes[first..], out length);
        return second == 0 ? 0
            : length <= int.MaxValue ? first + second
            : throw ProtobufReader.Malformed();
    }

    private static ulong EncodeTag(int field) => ((ulong)field << 3) | 2;
}
