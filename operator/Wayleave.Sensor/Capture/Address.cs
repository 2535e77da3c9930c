using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Wayleave.Sensor.Capture;

/// <summary>
/// An IPv4 or IPv6 address without allocations. IPv4 addresses are stored as ::ffff:a.b.c.d. The default value is no address.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Address(ulong High, ulong Low)
{
    private const ulong MappedPrefix = 0xffff;

    public bool IsEmpty => High == 0 && Low == 0;

    public bool IsV4 => High == 0 && Low >> 32 == MappedPrefix;

    public bool IsLoopback => IsV4 ? (byte)(Low >> 24) == 127 : High == 0 && Low == 1;

    /// <summary>Whether it can be used on one link only.</summary>
    public bool IsLinkLocal => IsV4 ? (Low & 0xffff0000) == 0xa9fe0000 : High >> 54 == 0xfe80 >> 6;

    /// <param name="bytes">4 or 16 bytes in network order.</param>
    public static Address Read(ReadOnlySpan<byte> bytes) => bytes.Length == 4
        ? FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
        : new Address(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public static Address FromV4(uint value) => new(0, (MappedPrefix << 32) | value);

    public static Address Parse(string text) => Read(IPAddress.Parse(text).GetAddressBytes());

    public ByteString ToByteString()
    {
        Span<byte> bytes = stackalloc byte[16];
        return ByteString.CopyFrom(bytes[..Write(bytes)]);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..Write(bytes)]).ToString();
    }

    private int Write(Span<byte> bytes)
    {
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Low);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return 16;
    }
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct Destination(Address Address, ushort Port)
{
    public override string ToString() => Address.IsV4 ? $"{Address}:{Port}" : $"[{Address}]:{Port}";
}
