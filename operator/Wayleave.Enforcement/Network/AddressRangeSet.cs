using System.Net;
using System.Net.Sockets;
using Wayleave.Enforcement.Internet;

namespace Wayleave.Enforcement.Network;

/// <summary>Sets of address ranges.</summary>
public static class AddressRangeSet
{
    /// <summary>
    /// The same addresses in the fewest ranges: ranges inside others are dropped, and neighbors become one. Ordered by family and address,
    /// so that equal sets are written equally.
    /// </summary>
    public static IReadOnlyList<IPNetwork> Collapse(IEnumerable<IPNetwork> ranges)
    {
        var collapsed = new List<IPNetwork>();
        foreach (var range in ranges.OrderBy(range => range.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6)
            .ThenBy(range => range, _order))
        {
            if (collapsed.Count > 0 && AddressRange.Includes(collapsed[^1], range))
            {
                continue;
            }

            collapsed.Add(range);
            while (collapsed.Count > 1 && Parent(collapsed[^2], collapsed[^1]) is { } parent)
            {
                collapsed.RemoveRange(collapsed.Count - 2, 2);
                collapsed.Add(parent);
            }
        }

        return collapsed;
    }

    private static readonly Comparer<IPNetwork> _order = Comparer<IPNetwork>.Create(static (left, right) =>
    {
        var byAddress = left.BaseAddress.GetAddressBytes().AsSpan().SequenceCompareTo(right.BaseAddress.GetAddressBytes());
        return byAddress != 0 ? byAddress : left.PrefixLength.CompareTo(right.PrefixLength);
    });

    // Two halves of one range.
    private static IPNetwork? Parent(IPNetwork left, IPNetwork right)
    {
        if (left.PrefixLength != right.PrefixLength
            || left.PrefixLength == 0
            || left.BaseAddress.AddressFamily != right.BaseAddress.AddressFamily)
        {
            return null;
        }

        var length = left.PrefixLength - 1;
        var bytes = left.BaseAddress.GetAddressBytes();
        var isLower = (bytes[length / 8] & (0x80 >> (length % 8))) == 0;
        return isLower && new IPNetwork(left.BaseAddress, length) is var parent && parent.Contains(right.BaseAddress) ? parent : null;
    }
}
