using System.Buffers.Binary;
using System.Net;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Tests.Support;

/// <summary>Makes IP packets, of IPv4 or IPv6 as the addresses say. Checksums are left out: nothing here reads them.</summary>
internal static class PacketBytes
{
    public const byte Syn = 0x02;
    public const byte Rst = 0x04;
    public const byte Ack = 0x10;
    public const byte EcnBits = 0xc0;

    public static byte[] Tcp(string from, string to, byte flags, uint sequence = 0, uint acknowledgment = 0, byte[]? payload = null)
    {
        var segment = new byte[20 + (payload?.Length ?? 0)];
        var (source, target) = (IPEndPoint.Parse(from), IPEndPoint.Parse(to));
        BinaryPrimitives.WriteUInt16BigEndian(segment, (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)target.Port);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(8), acknowledgment);
        segment[12] = 5 << 4;
        segment[13] = flags;
        payload?.CopyTo(segment, 20);
        return Ip(source.Address, target.Address, 6, segment);
    }

    public static byte[] Udp(string from, string to, byte[] payload)
    {
        var datagram = new byte[8 + payload.Length];
        var (source, target) = (IPEndPoint.Parse(from), IPEndPoint.Parse(to));
        BinaryPrimitives.WriteUInt16BigEndian(datagram, (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), (ushort)target.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram, 8);
        return Ip(source.Address, target.Address, 17, datagram);
    }

    /// <summary>The packet, as a later fragment.</summary>
    public static byte[] AsLaterFragment(byte[] packet)
    {
        var fragment = packet.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(6), 100);
        return fragment;
    }

    public static Destination End(string text)
    {
        var end = IPEndPoint.Parse(text);
        return new Destination(Address.Read(end.Address.GetAddressBytes()), (ushort)end.Port);
    }

    private static byte[] Ip(IPAddress from, IPAddress to, byte protocol, byte[] content)
    {
        var (source, target) = (from.GetAddressBytes(), to.GetAddressBytes());
        var isV6 = source.Length == 16;
        var header = new byte[isV6 ? 40 : 20];
        header[0] = isV6 ? (byte)0x60 : (byte)0x45;
        header[isV6 ? 6 : 9] = protocol;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(isV6 ? 4 : 2), (ushort)(content.Length + (isV6 ? 0 : header.Length)));
        source.CopyTo(header, isV6 ? 8 : 12);
        target.CopyTo(header, isV6 ? 24 : 16);
        return [.. header, .. content];
    }
}
