using System.Net;
using System.Net.Sockets;

namespace Wayleave.Enforcement.Internet;

/// <summary>Addresses and ranges as users write them, and as an <c>ipBlock</c> takes them.</summary>
internal static class AddressRange
{
    /// <summary>Why the text cannot be used, with the mend; null when it can.</summary>
    public static string? Problem(string? text)
    {
        if (text is null || text.Contains('%', StringComparison.Ordinal))
        {
            return "an address has no zone (leave it out)";
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryAddress(slash < 0 ? text : text[..slash], out var address))
        {
            return "this is neither an address nor a range (write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32)";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return $"this is an IPv4 address in IPv6 form (write {address.MapToIPv4()})";
        }

        return slash < 0 ? null : RangeProblem(address, text[(slash + 1)..]);
    }

    /// <summary>The CIDR form of text without a problem: an address alone becomes a range of one.</summary>
    public static string Normalize(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = IPAddress.Parse(slash < 0 ? text : text[..slash]);
        return slash < 0 ? Of(address) : $"{address}{text[slash..]}";
    }

    /// <summary>The range of one address.</summary>
    public static string Of(IPAddress address) => $"{address}/{Bits(address)}";

    /// <summary>Whether a range lies inside another, both as text without a problem.</summary>
    public static bool Contains(string outer, string inner) =>
        Enforcement.Network.AddressRanges.Contains(IPNetwork.Parse(Normalize(outer)), IPNetwork.Parse(Normalize(inner)));

    /// <summary>True for a range that takes in every address of its family.</summary>
    public static bool IsEverything(string range) => range.EndsWith("/0", StringComparison.Ordinal);

    private static string? RangeProblem(IPAddress address, string length)
    {
        if (!int.TryParse(length, System.Globalization.NumberStyles.None, null, out var bits) || bits > Bits(address) || length.Length > 3)
        {
            return $"the length of the prefix is from 0 to {Bits(address)} (correct it)";
        }

        var network = Network(address, bits);
        return network.Equals(address)
            ? null
            : $"the address has bits beyond its prefix (write {network}/{bits} for the range, or {address} for the one address)";
    }

    private static IPAddress Network(IPAddress address, int bits)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(bits - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        return new IPAddress(bytes);
    }

    // IPAddress.Parse takes 1.2, 0x7f000001 and 010.0.0.1; an API server does not, and a reader would misread them.
    private static bool TryAddress(string text, out IPAddress address)
    {
        var parsed = IPAddress.TryParse(text, out var found);
        address = found ?? IPAddress.None;
        return parsed && (address.AddressFamily == AddressFamily.InterNetworkV6
            ? text.Contains(':', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal)
            : address.ToString() == text);
    }

    private static int Bits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
}
