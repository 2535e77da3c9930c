using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>
/// How Kubernetes wraps protobuf: four magic bytes, then a <c>runtime.Unknown</c> whose field 2 is the message
/// (k8s.io/apimachinery/pkg/runtime/serializer/protobuf). In a watch, every event has a length of four bytes in front of it.
/// </summary>
internal static class ProtobufEnvelope
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private const int LengthBytes = sizeof(uint);

    public static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>The message in an envelope.</summary>
    /// <exception cref="InvalidDataException">It is not an envelope.</exception>
    public static ProtobufReader Open(ReadOnlySpan<byte> envelope)
    {
        if (!envelope.StartsWith(Magic))
        {
            throw ProtobufReader.Malformed();
        }

        return FindMessage(new ProtobufReader(envelope[Magic.Length..]), field: 2);
    }

    /// <summary>Takes the next complete event from a watch, if there is one.</summary>
    public static bool TryTakeEvent(ref ReadOnlySequence<byte> rest, out ReadOnlySequence<byte> change)
    {
        change = default;
        if (rest.Length < LengthBytes)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[LengthBytes];
        rest.Slice(0, LengthBytes).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (rest.Length - LengthBytes < length)
        {
            return false;
        }

        change = rest.Slice(LengthBytes, length);
        rest = rest.Slice(LengthBytes + (long)length);
        return true;
    }

    /// <summary>Reads one event of a watch: a <c>meta.v1.WatchEvent</c>, whose object has an envelope of its own.</summary>
    /// <param name="change">The event, without its length.</param>
    public static WatchEvent<TEntity> ReadEvent<TEntity>(
        ReadOnlySpan<byte> change, MessageParser<TEntity> parser, Func<string, bool>? isKnown)
    {
        ReadOnlySpan<byte> type = default;
        ReadOnlySpan<byte> raw = default;
        var reader = new ProtobufReader(change);
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                type = reader.GetBytes();
            }
            else if (field == 2)
            {
                raw = FindMessage(reader.GetMessage(), field: 1).Remaining;
            }
        }

        var entity = Open(raw);
        if (ReadType(type) is not { } known)
        {
            throw ApiErrors.Create(MetadataMessages.Status.Parse(entity), HttpStatusCode.InternalServerError);
        }

        return isKnown is not null
            && known is WatchEventType.Added or WatchEventType.Modified
            && ReadResourceVersion(entity) is { } version
            && isKnown(version)
            ? new WatchEvent<TEntity>(WatchEventType.Bookmark, parser.Parse(new ProtobufReader(EncodeBookmark(version))))
            : new WatchEvent<TEntity>(known, parser.Parse(entity));
    }

    // Null for an error.
    private static WatchEventType? ReadType(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("ADDED"u8) ? WatchEventType.Added
        : text.SequenceEqual("MODIFIED"u8) ? WatchEventType.Modified
        : text.SequenceEqual("DELETED"u8) ? WatchEventType.Deleted
        : text.SequenceEqual("BOOKMARK"u8) ? WatchEventType.Bookmark
        : text.SequenceEqual("ERROR"u8) ? null
        : throw ProtobufReader.Malformed();

    private static string? ReadResourceVersion(ProtobufReader entity)
    {
        var metadata = FindMessage(entity, field: 1);
        while (metadata.Read(out var field))
        {
            if (field == 6)
            {
                return metadata.GetString();
            }
        }

        return null;
    }

    // An object that has only metadata with a resourceVersion.
    private static byte[] EncodeBookmark(string version)
    {
        var text = Encoding.UTF8.GetBytes(version);
        return text.Length < 0x7E
            ? [1 << 3 | 2, (byte)(text.Length + 2), 6 << 3 | 2, (byte)text.Length, .. text]
            : throw ProtobufReader.Malformed();
    }

    private static ProtobufReader FindMessage(ProtobufReader reader, int field)
    {
        while (reader.Read(out var next))
        {
            if (next == field)
            {
                return reader.GetMessage();
            }
        }

        return default;
    }
}
