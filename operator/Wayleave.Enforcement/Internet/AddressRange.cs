using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Wayleave.Enforcement.Ports;

namespace Wayleave.Enforcement.Internet;

/// <summary>Parses and normalizes addresses and CIDR ranges.</summary>
internal static class AddressRange
{
    /// <summary>The error and the fix, to follow the quoted text. Null if the text is valid.</summary>
    public static string? Validate(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "is empty; give an address or a range, or remove the entry";
        }

        if (text.Contains('%', StringComparison.Ordinal))
        {
            return "has an IPv6 zone, which a network policy cannot express; leave it out";
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return TryAddress(slash < 0 ? text : text[..slash], out var address)
            ? Validate(address, slash < 0 ? null : text[(slash + 1)..])
            : "is neither an address nor a range; write it like 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32";
    }

    /// <summary>The CIDR form of text without a problem: an address alone becomes a range of one.</summary>
    public static string Normalize(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = IPAddress.Parse(slash < 0 ? text : text[..slash]);
        return slash < 0 ? FromAddress(address) : $"{address}{text[slash..]}";
    }

    /// <summary>The range of one address.</summary>
    public static string FromAddress(IPAddress address) => $"{address}/{Bits(address)}";

    /// <summary>Whether the first range includes all of the second. A range includes itself.</summary>
    public static bool Includes(IPNetwork range, IPNetwork other) =>
        range.PrefixLength <= other.PrefixLength && range.Contains(other.BaseAddress);

    private static string? Validate(IPAddress address, string? length)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return $"is an IPv4 address in IPv6 form; write it like {address.MapToIPv4()}";
        }

        if (length is null)
        {
            return null;
        }

        var isNumber = int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && length.Length <= 3;
        if (!isNumber || bits > Bits(address))
        {
            return $"has a prefix length that is not a number from 0 to {Bits(address)}; correct it";
        }

        var network = Network(address, bits);
        return network.Equals(address) ? null : $"has host bits set; use {network}/{bits} for the range or {address} for the address";
    }

    /// <summary>The first address of the range of that length that the address is in.</summary>
    public static IPAddress Network(IPAddress address, int bits)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(bits - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        return new IPAddress(bytes);
    }

    // IPAddress.Parse accepts 1.2, 0x7f000001 and 010.0.0.1. The API server does not.
    private static bool TryAddress(string text, out IPAddress address)
    {
        var parsed = IPAddress.TryParse(text, out var found);
        address = found ?? IPAddress.None;
        return parsed && (address.AddressFamily == AddressFamily.InterNetworkV6
            ? text.Contains(':', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal)
            : address.ToString() == text);
    }

    /// <summary>How many bits an address of the family has.</summary>
    public static int Bits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
}

/// <summary>A parsed internet target.</summary>
/// <param name="Ranges">Addresses and ranges in CIDR form, as an API server takes them.</param>
/// <param name="Domains">DNS names to be looked up.</param>
/// <param name="Ports">TCP ports; empty for all.</param>
public sealed record InternetReference(IReadOnlyList<string> Ranges, IReadOnlyList<string> Domains, IReadOnlyList<DeclaredPort> Ports)
{
    /// <summary>The place of each of <see cref="Domains"/> in the spec, where a name may be listed twice.</summary>
    public IReadOnlyList<int> DomainPlaces { get; init; } = Enumerable.Range(0, Domains.Count).ToArray();

    /// <summary>Ranges within <see cref="Ranges"/> that stay closed, in CIDR form, in the order of the spec.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>The ranges with their exceptions.</summary>
    public IReadOnlyList<AddressBlock> Blocks { get; init; } = Ranges.Select(range => new AddressBlock(range)).ToArray();

    /// <summary>The field whose ranges include every address of a family; null when none does.</summary>
    public string? EveryAddressField { get; init; }
}
