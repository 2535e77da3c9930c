using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Nodes;

/// <summary>
/// Reads the local IPv4 addresses of a network namespace from the lines of /proc/PID/net/fib_trie: a leaf, and what it is for.
/// <code>
///            |-- 10.244.1.7
///               /32 host LOCAL
/// </code>
/// </summary>
internal ref struct FibTrieParser
{
    private Address _leaf;

    /// <returns>True if the line completes a local address.</returns>
    public bool TryAccept(ReadOnlySpan<byte> line, out Address address)
    {
        address = default;
        line = line.Trim((byte)' ');
        var leaf = line.IndexOf("|-- "u8);
        if (leaf >= 0)
        {
            var isAddress = IPAddress.TryParse(line[(leaf + 4)..], out var parsed);
            _leaf = isAddress && parsed!.AddressFamily == AddressFamily.InterNetwork ? Address.Read(parsed.GetAddressBytes()) : default;
            return false;
        }

        if (!line.SequenceEqual("/32 host LOCAL"u8) || _leaf.IsEmpty || _leaf.IsLoopback)
        {
            return false;
        }

        address = _leaf;
        return true;
    }
}

/// <summary>
/// Reads an IPv6 address from a line of /proc/PID/net/if_inet6: 32 hexadecimal digits, then the interface, the length of the prefix, the
/// scope, flags and the name of the interface.
/// </summary>
internal static class InterfaceAddressParser
{
    private const int Digits = 32;

    /// <returns>False for loopback and link-local addresses too, which say nothing about the caller.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out Address address)
    {
        address = default;
        if (line.Length <= Digits || line[Digits] != ' '
            || !HexParser.TryParse(line[..16], out var high) || !HexParser.TryParse(line[16..Digits], out var low))
        {
            return false;
        }

        address = new Address(high, low);
        return !address.IsLoopback && !address.IsLinkLocal && !address.IsEmpty;
    }
}

/// <summary>Numbers as the kernel writes them in /proc/net.</summary>
internal static class HexParser
{
    /// <summary>At most 16 hexadecimal digits, and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> digits, out ulong value) =>
        Utf8Parser.TryParse(digits, out value, out var consumed, 'x') && consumed == digits.Length;

    /// <summary>An address as words in the order of bytes of the machine, which is little-endian: 8 or 32 digits.</summary>
    public static bool TryParseAddress(ReadOnlySpan<byte> digits, out Address address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[16];
        if (digits.Length is not (8 or 32))
        {
            return false;
        }

        for (var word = 0; word < digits.Length / 8; word++)
        {
            if (!TryParse(digits.Slice(word * 8, 8), out var value))
            {
                return false;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(word * 4)..], (uint)value);
        }

        address = Address.Read(bytes[..(digits.Length / 2)]);
        return true;
    }
}
