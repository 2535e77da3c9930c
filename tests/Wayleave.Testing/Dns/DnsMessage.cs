using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Wayleave.Testing.Dns;

/// <summary>A DNS query.</summary>
/// <param name="Name">The name as in the query, without the dot at the end.</param>
/// <param name="Type">The number of the record type.</param>
public sealed record DnsQuery(string Name, int Type)
{
    /// <summary>False when it arrived over TCP.</summary>
    public bool IsDatagram { get; init; }
}

/// <summary>A DNS response.</summary>
public sealed record DnsReply(IReadOnlyList<DnsRecord> Answers)
{
    public const int ServerFailure = 2;
    public const int NoSuchName = 3;
    public const int Refused = 5;

    public IReadOnlyList<DnsRecord> Authorities { get; init; } = [];

    /// <summary>The response code. Zero for no error.</summary>
    public int Code { get; init; }
}

/// <summary>A resource record.</summary>
/// <param name="Name">The name that it belongs to.</param>
/// <param name="Type">The number of its type.</param>
/// <param name="Seconds">Its time to live.</param>
/// <param name="Data">The data in wire format.</param>
public sealed record DnsRecord(string Name, int Type, int Seconds, ReadOnlyMemory<byte> Data)
{
    public const int Version4 = 1;
    public const int Alias = 5;
    public const int Authority = 6;
    public const int Version6 = 28;

    /// <summary>The target of a CNAME.</summary>
    public string Target { get; private init; } = "";

    public static DnsRecord Address(string name, string address, int seconds = 60)
    {
        var parsed = IPAddress.Parse(address);
        return new DnsRecord(
            name, parsed.AddressFamily == AddressFamily.InterNetwork ? Version4 : Version6, seconds, parsed.GetAddressBytes());
    }

    public static DnsRecord CName(string name, string target, int seconds = 60) =>
        new(name, Alias, seconds, DnsMessage.Encode(target)) { Target = target };

    /// <summary>The SOA record of a zone, which sets how long a negative answer is valid.</summary>
    public static DnsRecord Soa(string zone, int negativeSeconds)
    {
        var numbers = new byte[20];
        BinaryPrimitives.WriteInt32BigEndian(numbers.AsSpan(16), negativeSeconds);
        return new DnsRecord(
            zone, Authority, negativeSeconds, (
                byte[])[.. DnsMessage.Encode($"ns.{zone}"), .. DnsMessage.Encode($"admin.{zone}"), .. numbers]);
    }
}

/// <summary>Reads and writes DNS messages (RFC 1035), as far as a nameserver for tests needs it.</summary>
internal static class DnsMessage
{
    private const int HeaderLength = 12;

    public static DnsQuery Read(byte[] request)
    {
        var labels = new List<string>();
        var at = HeaderLength;
        while (request[at] > 0)
        {
            labels.Add(Encoding.ASCII.GetString(request, at + 1, request[at]));
            at += request[at] + 1;
        }

        return new DnsQuery(string.Join('.', labels), BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(at + 1)));
    }

    public static byte[] Write(byte[] request, DnsReply reply, bool isTruncated)
    {
        var question = request.AsSpan(HeaderLength, Array.IndexOf(request, (byte)0, HeaderLength) + 5 - HeaderLength);
        using var message = new MemoryStream();
        message.Write(request.AsSpan(0, 2));
        message.WriteByte((byte)(0x81 | (isTruncated ? 0x02 : 0)));
        message.WriteByte((byte)(0x80 | reply.Code));
        Write(message, 1, reply.Answers.Count, reply.Authorities.Count, 0);
        message.Write(question);
        foreach (var record in reply.Answers.Concat(reply.Authorities))
        {
            message.Write(Encode(record.Name));
            Write(message, record.Type, 1, record.Seconds >> 16, record.Seconds & 0xFFFF, record.Data.Length);
            message.Write(record.Data.Span);
        }

        return message.ToArray();
    }

    public static byte[] Encode(string name)
    {
        using var encoded = new MemoryStream();
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            encoded.WriteByte((byte)label.Length);
            encoded.Write(Encoding.ASCII.GetBytes(label));
        }

        encoded.WriteByte(0);
        return encoded.ToArray();
    }

    private static void Write(MemoryStream message, params ReadOnlySpan<int> numbers)
    {
        Span<byte> bytes = stackalloc byte[2];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)number);
            message.Write(bytes);
        }
    }
}
