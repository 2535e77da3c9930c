using System.Buffers.Binary;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Tests.Support;

/// <summary>Runs a program of the packet filter as the kernel does: a load beyond the packet rejects it.</summary>
internal static class FilterMachine
{
    /// <returns>How many bytes of the packet are accepted.</returns>
    public static uint Run(PacketFilter.Instruction[] program, byte[] packet)
    {
        var (a, x) = (0u, 0u);
        for (var at = 0; ; at++)
        {
            var (code, ifTrue, ifFalse, k) = program[at];
            switch (code)
            {
                case 0x20 when k == 0xfffff000:
                    a = packet[0] >> 4 == 4 ? 0x0800u : packet[0] >> 4 == 6 ? 0x86ddu : 0u;
                    break;
                case 0x20 or 0x28 or 0x30 or 0x40 or 0x48 or 0x50:
                    if (!TryLoad(packet, code, k, x, out a))
                    {
                        return 0;
                    }

                    break;
                case 0x01:
                    x = k;
                    break;
                case 0xb1:
                    x = (packet[k] & 0xfu) * 4;
                    break;
                case 0x54:
                    a &= k;
                    break;
                case 0x05:
                    at += (int)k;
                    break;
                case 0x15:
                    at += a == k ? ifTrue : ifFalse;
                    break;
                case 0x45:
                    at += (a & k) != 0 ? ifTrue : ifFalse;
                    break;
                case 0x06:
                    return k;
                default:
                    throw new InvalidOperationException($"no instruction {code:x}");
            }
        }
    }

    private static bool TryLoad(byte[] packet, ushort code, uint k, uint x, out uint value)
    {
        var offset = (int)((code & 0x40) != 0 ? x + k : k);
        var size = (code & 0x18) switch { 0x08 => 2, 0x10 => 1, _ => 4 };
        value = 0;
        if (offset + size > packet.Length)
        {
            return false;
        }

        var bytes = packet.AsSpan(offset);
        value = size switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            _ => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        };
        return true;
    }
}
