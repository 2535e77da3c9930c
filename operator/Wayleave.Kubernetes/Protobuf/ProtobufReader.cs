using System.Text;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>
/// Reads the fields of one protobuf message in place (https://protobuf.dev/programming-guides/encoding). The bytes are not trusted: nothing
/// beyond the message is read, and nothing is allocated for a length that is not there. A value of another wire type than the one asked for
/// reads as zero or empty, as unknown fields do.
/// </summary>
/// <param name="message">The message, without a length prefix.</param>
public ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;
    private ReadOnlySpan<byte> _bytes;
    private ulong _number;

    /// <summary>What was not read yet.</summary>
    internal readonly ReadOnlySpan<byte> Remaining => _rest;

    /// <summary>Advances to the next field. The value of the previous field is skipped.</summary>
    /// <returns>False at the end of the message.</returns>
    /// <exception cref="InvalidDataException">The message is malformed or truncated.</exception>
    public bool Read(out int field)
    {
        (_number, field) = (0, 0);
        _bytes = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint();
        field = tag >> 3 is > 0 and <= int.MaxValue ? (int)(tag >> 3) : throw Malformed();
        switch (tag & 7)
        {
            case 0:
                _number = ReadVarint();
                break;
            case 1:
                ReadBytes(sizeof(ulong));
                break;
            case 2:
                _bytes = ReadBytes(ReadVarint());
                break;
            case 5:
                ReadBytes(sizeof(uint));
                break;
            default:
                // Groups, which Kubernetes does not use.
                throw Malformed();
        }

        return true;
    }

    /// <summary>A string that Kubernetes omits in JSON if it is empty: then null.</summary>
    public readonly string? GetString() => _bytes.IsEmpty ? null : GetText();

    /// <summary>A string that may be empty. Invalid UTF-8 is replaced, as the API server does in JSON.</summary>
    public readonly string GetText() => Encoding.UTF8.GetString(_bytes);

    public readonly int GetInt32() => unchecked((int)_number);

    public readonly long GetInt64() => unchecked((long)_number);

    public readonly bool GetBoolean() => _number != 0;

    public readonly ReadOnlySpan<byte> GetBytes() => _bytes;

    public readonly ProtobufReader GetMessage() => new(_bytes);

    public readonly T GetMessage<T>(MessageParser<T> parser) => parser.Parse(new ProtobufReader(_bytes));

    /// <summary>Reads a varint at the start of <paramref name="bytes"/>.</summary>
    /// <returns>The number of bytes; 0 if the varint is not complete.</returns>
    /// <exception cref="InvalidDataException">It is longer than 64 bits.</exception>
    internal static int ReadVarint(ReadOnlySpan<byte> bytes, out ulong value)
    {
        const int Longest = 10;
        value = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i == Longest)
            {
                throw Malformed();
            }

            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if ((bytes[i] & 0x80) == 0)
            {
                return i + 1;
            }
        }

        return bytes.Length < Longest ? 0 : throw Malformed();
    }

    internal static InvalidDataException Malformed() => new("The API server's response is not valid protobuf.");

    private ulong ReadVarint()
    {
        var length = ReadVarint(_rest, out var value);
        ReadBytes(length == 0 ? throw Malformed() : (ulong)length);
        return value;
    }

    private ReadOnlySpan<byte> ReadBytes(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw Malformed();
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
