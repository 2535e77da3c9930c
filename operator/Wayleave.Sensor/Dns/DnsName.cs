using System.Buffers.Binary;

namespace Wayleave.Sensor.Dns;

/// <summary>Names in DNS messages: labels, and pointers to labels before them. Every read is bounded.</summary>
internal static class DnsName
{
    /// <summary>The longest name in its text form.</summary>
    public const int MaxLength = 253;

    private const int MaxPointers = 128;
    private const byte PointerMark = 0xc0;

    /// <summary>Reads a name in lower case, without the final dot.</summary>
    /// <param name="position">Where the name begins; afterwards, where it ends.</param>
    /// <param name="name">Memory for <see cref="MaxLength"/> characters.</param>
    /// <returns>False if it is malformed, too long, or has characters that no host name has.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int position, Span<char> name, out int length)
    {
        length = 0;
        var reader = new Reader(message, position);
        while (reader.TryReadLabel(out var label))
        {
            if (label.IsEmpty)
            {
                position = reader.End;
                return true;
            }

            if (!TryAppend(label, name, ref length))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Moves behind a name without following pointers.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> message, ref int position)
    {
        while (position < message.Length)
        {
            var size = message[position];
            if ((size & PointerMark) == PointerMark)
            {
                position += 2;
                return position <= message.Length;
            }

            position += 1 + size;
            if (size == 0 || (size & PointerMark) != 0)
            {
                return size == 0;
            }
        }

        return false;
    }

    private static bool TryAppend(ReadOnlySpan<byte> label, Span<char> name, ref int length)
    {
        var separator = length > 0 ? 1 : 0;
        if (length + separator + label.Length > MaxLength)
        {
            return false;
        }

        if (separator > 0)
        {
            name[length++] = '.';
        }

        foreach (var character in label)
        {
            var letter = (char)character;
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_'))
            {
                return false;
            }

            name[length++] = char.ToLowerInvariant(letter);
        }

        return true;
    }

    private ref struct Reader(ReadOnlySpan<byte> message, int position)
    {
        private readonly ReadOnlySpan<byte> _message = message;
        private int _position = position;
        private int _pointers;

        /// <summary>Where the name ends in the place where it began. Valid after the last label.</summary>
        public int End { get; private set; } = -1;

        /// <summary>The next label. Empty at the end of the name.</summary>
        public bool TryReadLabel(out ReadOnlySpan<byte> label)
        {
            label = default;
            while (_position < _message.Length)
            {
                var size = _message[_position];
                if ((size & PointerMark) == PointerMark)
                {
                    if (!TryFollow())
                    {
                        return false;
                    }
                }
                else if ((size & PointerMark) != 0 || _position + 1 + size > _message.Length)
                {
                    return false;
                }
                else
                {
                    label = _message.Slice(_position + 1, size);
                    _position += 1 + size;
                    End = size == 0 && End < 0 ? _position : End;
                    return true;
                }
            }

            return false;
        }

        // Only backwards: a loop is impossible.
        private bool TryFollow()
        {
            if (_position + 2 > _message.Length || ++_pointers > MaxPointers)
            {
                return false;
            }

            var target = BinaryPrimitives.ReadUInt16BigEndian(_message[_position..]) & 0x3fff;
            if (target >= _position)
            {
                return false;
            }

            End = End < 0 ? _position + 2 : End;
            _position = target;
            return true;
        }
    }
}
