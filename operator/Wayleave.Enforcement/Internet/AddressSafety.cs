using System.Net;
using System.Net.Sockets;

namespace Wayleave.Enforcement.Internet;

/// <summary>
/// Which addresses a DNS answer may not open. Whoever answers for a name is a stranger; an answer that points back at the node or at the
/// cloud's metadata service would turn a declared name into a way to credentials. Such an address has to be declared by itself.
/// </summary>
public static class AddressSafety
{
    // The metadata services of clouds that are outside the link-local ranges: Alibaba, Oracle, Azure; and AWS by IPv6.
    private static readonly IPAddress[] _metadata =
        [new([100, 100, 100, 200]), new([192, 0, 0, 192]), new([168, 63, 129, 16]), IPAddress.Parse("fd00:ec2::254")];

    /// <summary>What kind of address it is that an answer may not open; null for one that it may.</summary>
    public static string? RefusalOf(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = Plain(address);
        return plain switch
        {
            _ when IPAddress.IsLoopback(plain) => "loopback",
            _ when _metadata.Contains(plain) => "a cloud's metadata service",
            { AddressFamily: AddressFamily.InterNetwork } => Version4(plain.GetAddressBytes()),
            _ when plain.IsIPv6LinkLocal => "link-local",
            _ when plain.IsIPv6Multicast => "multicast",
            _ => plain.Equals(IPAddress.IPv6Any) ? "unspecified" : null,
        };
    }

    private static string? Version4(byte[] bytes) => bytes switch
    {
        [0, ..] => "unspecified",
        [127, ..] => "loopback",
        [169, 254, ..] => "link-local",
        [>= 224 and < 240, ..] => "multicast",
        [>= 240, ..] => "reserved",
        _ => null,
    };

    // An IPv4 address can hide in an IPv6 one: mapped (::ffff:0:0/96) or translated (64:ff9b::/96, RFC 6052).
    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        return bytes is [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, .. var last] ? new IPAddress(last) : address;
    }
}
