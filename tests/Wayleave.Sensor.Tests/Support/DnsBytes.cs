using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Wayleave.Sensor.Tests.Support;

/// <summary>Makes DNS answers, with names as they are, not compressed unless the test writes pointers.</summary>
internal sealed class DnsBytes
{
    public const ushort A = 1;
    public const ushort Cname = 5;
    public const ushort Ptr = 12;
    public const ushort Aaaa = 28;

    private readonly List<byte> _bytes;
    private int _answers;

    public DnsBytes(string question, ushort type = A, int responseCode = 0)
    {
        _bytes = [0x12, 0x34, 0x81, (byte)(0x80 | responseCode), 0, 1, 0, 0, 0, 0, 0, 0, .. Name(question)];
        Add(type);
        Add(1);
    }

    public DnsBytes WithAddress(string name, string address, uint ttl = 60)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        return With(Name(name), bytes.Length == 4 ? A : Aaaa, ttl, bytes);
    }

    public DnsBytes WithCname(string name, string target, uint ttl = 60) => With(Name(name), Cname, ttl, Name(target));

    public DnsBytes With(byte[] name, ushort type, uint ttl, byte[] data)
    {
        _answers++;
        _bytes.AddRange(name);
        Add(type);
        Add(1);
        Add((ushort)(ttl >> 16));
        Add((ushort)ttl);
        Add((ushort)data.Length);
        _bytes.AddRange(data);
        return this;
    }

    public byte[] ToArray()
    {
        var message = _bytes.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)_answers);
        return message;
    }

    /// <summary>With the length in front, as in TCP.</summary>
    public byte[] ToSegment()
    {
        var message = ToArray();
        return [(byte)(message.Length >> 8), (byte)message.Length, .. message];
    }

    public static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    private void Add(ushort value)
    {
        _bytes.Add((byte)(value >> 8));
        _bytes.Add((byte)value);
    }
}
