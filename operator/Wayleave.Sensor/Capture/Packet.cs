using System.Buffers.Binary;

namespace Wayleave.Sensor.Capture;

/// <summary>Where a packet was seen, as the kernel says in <c>sockaddr_ll</c>.</summary>
/// <param name="Interface">The index of the interface.</param>
/// <param name="IsOutgoing">Whether it left through the interface.</param>
internal readonly record struct Appearance(int Interface, bool IsOutgoing);

/// <summary>The parts of an IP packet that matter here. It refers to the bytes of the packet.</summary>
internal readonly ref struct Packet
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const int UdpHeaderLength = 8;
    private const int MinTcpHeaderLength = 20;
    private const byte SynFlag = 0x02;
    private const byte RstFlag = 0x04;
    private const byte AckFlag = 0x10;

    private readonly byte _flags;

    private Packet(Destination source, Destination target, ReadOnlySpan<byte> transport, bool isTcp)
    {
        Source = source;
        Target = target;
        IsTcp = isTcp;
        if (isTcp)
        {
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(transport[4..]);
            Acknowledgment = BinaryPrimitives.ReadUInt32BigEndian(transport[8..]);
            _flags = transport[13];
        }

        var header = isTcp ? (transport[12] >> 4) * 4 : UdpHeaderLength;
        Payload = header <= transport.Length ? transport[header..] : [];
    }

    public Destination Source { get; }

    public Destination Target { get; }

    public bool IsTcp { get; }

    public uint Sequence { get; }

    public uint Acknowledgment { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public bool IsSyn => (_flags & (SynFlag | AckFlag | RstFlag)) == SynFlag;

    public bool IsSynAck => (_flags & (SynFlag | AckFlag | RstFlag)) == (SynFlag | AckFlag);

    public bool IsRefusal => (_flags & (RstFlag | AckFlag | SynFlag)) == (RstFlag | AckFlag);

    /// <param name="bytes">From the network header. May be cut off.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Packet packet)
    {
        packet = default;
        return bytes.Length > 0 && (bytes[0] >> 4) switch
        {
            4 => TryParseV4(bytes, out packet),
            6 => TryParseV6(bytes, out packet),
            _ => false,
        };
    }

    private static bool TryParseV4(ReadOnlySpan<byte> bytes, out Packet packet)
    {
        packet = default;
        var header = (bytes[0] & 0xf) * 4;
        if (header < 20 || bytes.Length < header)
        {
            return false;
        }

        // Short packets are padded to the shortest frame.
        int total = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        var end = total > header && total < bytes.Length ? total : bytes.Length;
        return TryParseTransport(bytes[9], bytes[12..16], bytes[16..20], bytes[header..end], out packet);
    }

    private static bool TryParseV6(ReadOnlySpan<byte> bytes, out Packet packet)
    {
        const int Header = 40;
        packet = default;
        if (bytes.Length < Header)
        {
            return false;
        }

        var total = Header + BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        var end = total > Header && total < bytes.Length ? total : bytes.Length;
        return TryParseTransport(bytes[6], bytes[8..24], bytes[24..40], bytes[Header..end], out packet);
    }

    private static bool TryParseTransport(
        byte protocol, ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, ReadOnlySpan<byte> transport, out Packet packet)
    {
        packet = default;
        if (protocol is not (Tcp or Udp) || transport.Length < (protocol == Tcp ? MinTcpHeaderLength : UdpHeaderLength))
        {
            return false;
        }

        packet = new Packet(
            new Destination(Address.Read(source), BinaryPrimitives.ReadUInt16BigEndian(transport)),
            new Destination(Address.Read(target), BinaryPrimitives.ReadUInt16BigEndian(transport[2..])),
            transport,
            protocol == Tcp);
        return true;
    }
}
