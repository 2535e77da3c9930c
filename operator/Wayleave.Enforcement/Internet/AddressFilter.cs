using System.Net;
using System.Net.Sockets;

namespace Wayleave.Enforcement.Internet;

/// <summary>
/// Blocks addresses that DNS must not allow. The owner of a domain decides what it resolves to. Addresses of the node, the cluster or the
/// cloud's metadata service could give access to credentials, so they must be declared explicitly.
/// </summary>
public static class AddressFilter
{
    // The metadata services of clouds that are outside the link-local ranges: Alibaba, Oracle, Azure; and AWS by IPv6.
    private static readonly IPAddress[] _metadata =
        [new([100, 100, 100, 200]), new([192, 0, 0, 192]), new([168, 63, 129, 16]), IPAddress.Parse("fd00:ec2::254")];

    /// <summary>Why the address is blocked, such as <c>a loopback address</c>. Null if it is not.</summary>
    public static string? GetBlockReason(IPAddress address)
    {
        var plain = Plain(address);
        return plain switch
        {
            _ when IPAddress.IsLoopback(plain) => "a loopback address",
            _ when _metadata.Contains(plain) => "a cloud's metadata service",
            { AddressFamily: AddressFamily.InterNetwork } => Version4(plain.GetAddressBytes()),
            _ when plain.IsIPv6LinkLocal => "a link-local address",
            _ when plain.IsIPv6Multicast => "a multicast address",
            _ => plain.Equals(IPAddress.IPv6Any) ? "the unspecified address" : null,
        };
    }

    /// <summary>The range of the cluster that the address lies in; null when it lies in none.</summary>
    /// <param name="ranges">The addresses of the cluster's Pods and Services.</param>
    public static IPNetwork? FindClusterRange(IPAddress address, IReadOnlyList<IPNetwork> ranges)
    {
        var plain = Plain(address);
        foreach (var range in ranges)
        {
            if (range.Contains(address) || range.Contains(plain))
            {
                return range;
            }
        }

        return null;
    }

    private static string? Version4(byte[] bytes) => bytes switch
    {
        [0, ..] => "an unspecified address",
        [127, ..] => "a loopback address",
        [169, 254, ..] => "a link-local address",
        [>= 224 and < 240, ..] => "a multicast address",
        [>= 240, ..] => "a reserved address",
        _ => null,
    };

    // An IPv4 address can hide in an IPv6 one: mapped (::ffff:0:0/96), compatible (::/96), translated (64:ff9b::/96 and 64:ff9b:1::/48,
    // RFC 6052 and 8215) or 6to4 (2002::/16, RFC 3056).
    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return address.GetAddressBytes() switch
        {
            [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, .. { Length: 4 } last] => new IPAddress(last),
            [0, 0x64, 0xFF, 0x9B, 0, 1, _, _, _, _, _, _, .. { Length: 4 } last] => new IPAddress(last),
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. { Length: 4 } last] when last is not [0, 0, 0, 0 or 1] => new IPAddress(last),
            [0x20, 0x02, var a, var b, var c, var d, _, _, _, _, _, _, _, _, _, _] => new IPAddress([a, b, c, d]),
            _ => address,
        };
    }
}
