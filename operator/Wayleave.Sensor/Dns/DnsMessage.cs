using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Dns;

internal enum DnsResult
{
    /// <summary>The message has addresses of the name that was asked.</summary>
    Answer,

    /// <summary>The message is well-formed and has no addresses: NXDOMAIN, another type of record, a reverse lookup.</summary>
    Nothing,

    /// <summary>The message is malformed, truncated, or exceeds a limit.</summary>
    Unparsed,
}

/// <summary>Reads DNS answers: the question, and the A, AAAA and CNAME records that lead from it to addresses.</summary>
internal static class DnsMessage
{
    /// <summary>The most records of an answer.</summary>
    public const int MaxRecords = 64;

    private const int HeaderLength = 12;
    private const int RecordHeaderLength = 10;
    private const ushort ResponseFlag = 0x8000;
    private const ushort OpcodeMask = 0x7800;
    private const ushort TruncatedFlag = 0x0200;
    private const ushort ResponseCodeMask = 0x000f;
    private const ushort TypeA = 1;
    private const ushort TypeCname = 5;
    private const ushort TypeAaaa = 28;
    private const ushort ClassInternet = 1;

    /// <summary>Reads a message of UDP.</summary>
    /// <param name="message">It may be anything.</param>
    /// <param name="answer">Filled if the result is <see cref="DnsResult.Answer"/>.</param>
    public static DnsResult Read(ReadOnlySpan<byte> message, ref DnsAnswer answer)
    {
        if (message.Length < HeaderLength)
        {
            return DnsResult.Unparsed;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        int records = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        if ((flags & ResponseFlag) == 0 || questions != 1 || records > MaxRecords)
        {
            return DnsResult.Unparsed;
        }

        // A truncated answer is asked again over TCP.
        if ((flags & (OpcodeMask | TruncatedFlag | ResponseCodeMask)) != 0 || records == 0)
        {
            return DnsResult.Nothing;
        }

        var position = HeaderLength;
        return ReadQuestion(message, ref position, ref answer) is { } result ? result : ReadRecords(message, position, records, ref answer);
    }

    /// <summary>Reads the first segment of an answer of TCP, or one that has the whole message behind a segment with its length.</summary>
    public static DnsResult ReadSegment(ReadOnlySpan<byte> segment, ref DnsAnswer answer)
    {
        const int Prefix = 2;
        if (segment.Length <= Prefix)
        {
            return DnsResult.Nothing;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(segment);
        return length >= HeaderLength && length <= segment.Length - Prefix
            ? Read(segment.Slice(Prefix, length), ref answer)
            : Read(segment, ref answer);
    }

    // Null if the records are to be read.
    private static DnsResult? ReadQuestion(ReadOnlySpan<byte> message, ref int position, ref DnsAnswer answer)
    {
        var start = position;
        if (!DnsName.TrySkip(message, ref position) || position + 4 > message.Length)
        {
            return DnsResult.Unparsed;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(message[position..]);
        if (type is not (TypeA or TypeAaaa))
        {
            return DnsResult.Nothing;
        }

        if (!DnsName.TryRead(message, ref start, answer.NameMemory, out var length) || length == 0)
        {
            return DnsResult.Unparsed;
        }

        position += 4;
        answer.NameLength = length;
        answer.Ttl = uint.MaxValue;
        return answer.Name.EndsWith(".in-addr.arpa", StringComparison.Ordinal) || answer.Name.EndsWith(".ip6.arpa", StringComparison.Ordinal)
            ? DnsResult.Nothing
            : null;
    }

    // Servers write a chain of aliases in its order, so one pass is enough.
    private static DnsResult ReadRecords(ReadOnlySpan<byte> message, int position, int records, ref DnsAnswer answer)
    {
        Span<char> current = stackalloc char[DnsName.MaxLength];
        Span<char> owner = stackalloc char[DnsName.MaxLength];
        answer.Name.CopyTo(current);
        var currentLength = answer.NameLength;
        for (var index = 0; index < records; index++)
        {
            if (!DnsName.TryRead(message, ref position, owner, out var ownerLength) || position + RecordHeaderLength > message.Length)
            {
                return DnsResult.Unparsed;
            }

            var record = Record.Read(message[position..]);
            position += RecordHeaderLength;
            if (position + record.Length > message.Length)
            {
                return DnsResult.Unparsed;
            }

            if (record.Class == ClassInternet && owner[..ownerLength].SequenceEqual(current[..currentLength])
                && !TryReadData(message, position, record, ref answer, current, ref currentLength))
            {
                return DnsResult.Unparsed;
            }

            position += record.Length;
        }

        return answer.Count > 0 ? DnsResult.Answer : DnsResult.Nothing;
    }

    private static bool TryReadData(
        ReadOnlySpan<byte> message, int position, Record record, ref DnsAnswer answer, scoped Span<char> current, ref int currentLength)
    {
        switch (record.Type)
        {
            case TypeCname:
                if (!DnsName.TryRead(message, ref position, current, out currentLength))
                {
                    return false;
                }

                break;
            case TypeA when record.Length == 4:
            case TypeAaaa when record.Length == 16:
                answer.Add(Address.Read(message.Slice(position, record.Length)));
                break;
            case TypeA or TypeAaaa:
                return false;
            default:
                return true;
        }

        answer.Ttl = Math.Min(answer.Ttl, record.Ttl);
        return true;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Record(ushort Type, ushort Class, uint Ttl, int Length)
    {
        public static Record Read(ReadOnlySpan<byte> bytes) => new(
            BinaryPrimitives.ReadUInt16BigEndian(bytes),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]));
    }
}
