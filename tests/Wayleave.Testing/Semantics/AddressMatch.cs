using System.Net;
using k8s.Models;

namespace Wayleave.Testing.Semantics;

/// <summary>Matches addresses with an <c>ipBlock</c>: those of <c>cidr</c> without those of <c>except</c>.</summary>
internal static class AddressMatch
{
    public static bool Contains(V1IPBlock block, IPAddress address)
    {
        var cidr = block.Cidr ?? throw new InvalidOperationException("An ipBlock needs a cidr.");
        return Network(cidr).Contains(address) && !(block.Except ?? []).Any(except => Network(except).Contains(address));
    }

    // The API server accepts 10.1.2.3/8 as 10.0.0.0/8; IPNetwork does not.
    private static IPNetwork Network(string cidr)
    {
        var slash = cidr.IndexOf('/', StringComparison.Ordinal);
        var address = IPAddress.Parse(cidr.AsSpan(0, slash));
        var length = int.Parse(cidr.AsSpan(slash + 1), System.Globalization.CultureInfo.InvariantCulture);
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }
}
