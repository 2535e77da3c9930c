using System.Net;
using System.Net.Sockets;
using FsCheck;
using FsCheck.Fluent;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Network;

namespace Wayleave.Enforcement.Tests.Network;

public class AddressRangeSetTests
{
    [Fact]
    public void Covers_the_same_addresses_with_the_fewest_ranges_in_order() => Prop.ForAll(Ranges().ToArbitrary(), ranges =>
    {
        var collapsed = AddressRangeSet.Collapse(ranges);
        return Addresses(collapsed).SetEquals(Addresses(ranges)) && IsMinimal(collapsed) && IsOrdered(collapsed)
            && collapsed.SequenceEqual(AddressRangeSet.Collapse(ranges.Reverse()))
            && collapsed.SequenceEqual(AddressRangeSet.Collapse(collapsed));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Merges_the_Pod_ranges_of_all_nodes_into_the_range_of_the_cluster()
    {
        var nodes = Enumerable.Range(0, 256).Select(node => IPNetwork.Parse($"10.244.{node}.0/24")).Reverse();

        AddressRangeSet.Collapse(nodes).ShouldBe([IPNetwork.Parse("10.244.0.0/16")]);
    }

    [Fact]
    public void Merges_two_halves_of_all_addresses()
    {
        AddressRangeSet.Collapse([IPNetwork.Parse("128.0.0.0/1"), IPNetwork.Parse("0.0.0.0/1")]).ShouldBe([IPNetwork.Parse("0.0.0.0/0")]);
        AddressRangeSet.Collapse([IPNetwork.Parse("8000::/1"), IPNetwork.Parse("::/1")]).ShouldBe([IPNetwork.Parse("::/0")]);
    }

    [Fact]
    public void Does_not_merge_adjacent_ranges_that_are_not_halves_of_one_range() =>
        AddressRangeSet.Collapse([IPNetwork.Parse("10.0.1.0/24"), IPNetwork.Parse("10.0.2.0/24")]).Count.ShouldBe(2);

    [Fact]
    public void Keeps_address_families_apart_and_lists_IPv4_first()
    {
        IPNetwork[] ranges = [IPNetwork.Parse("::/1"), IPNetwork.Parse("0.0.0.0/1"), IPNetwork.Parse("8000::/2")];

        AddressRangeSet.Collapse(ranges).ShouldBe([IPNetwork.Parse("0.0.0.0/1"), IPNetwork.Parse("::/1"), IPNetwork.Parse("8000::/2")]);
        AddressRange.Includes(IPNetwork.Parse("::/0"), IPNetwork.Parse("10.0.0.0/8")).ShouldBeFalse();
    }

    [Fact]
    public void Returns_no_ranges_for_no_ranges() => AddressRangeSet.Collapse([]).ShouldBeEmpty();

    // Only the last byte of an address of either family varies, so that the ranges often overlap.
    private static Gen<IPNetwork[]> Ranges() =>
        (from isIPv6 in Gen.Elements(true, false)
         from length in Gen.Choose(0, 8)
         from address in Gen.Choose(0, 255)
         select Range(isIPv6, (byte)address, length)).ArrayOf();

    private static IPNetwork Range(bool isIPv6, byte address, int length)
    {
        var bytes = new byte[isIPv6 ? 16 : 4];
        bytes[0] = 10;
        bytes[^1] = (byte)(address & ~(0xFF >> length));
        return new IPNetwork(new IPAddress(bytes), (bytes.Length * 8) - 8 + length);
    }

    private static HashSet<(AddressFamily, int)> Addresses(IEnumerable<IPNetwork> ranges) => ranges
        .SelectMany(range => Enumerable.Range(0, 256).Where(last => range.Contains(With(range.BaseAddress, (byte)last))).Select(last => (range.BaseAddress.AddressFamily, last)))
        .ToHashSet();

    private static IPAddress With(IPAddress address, byte last)
    {
        var bytes = address.GetAddressBytes();
        bytes[^1] = last;
        return new IPAddress(bytes);
    }

    // No range is inside another, and no two are the halves of one range.
    private static bool IsMinimal(IReadOnlyList<IPNetwork> ranges) => ranges.All(range => ranges.All(other => range.Equals(other)
        || (!AddressRange.Includes(other, range) && !(other.PrefixLength == range.PrefixLength && Parent(other).Equals(Parent(range))))));

    private static (AddressFamily, int, string) Parent(IPNetwork range)
    {
        var bytes = range.BaseAddress.GetAddressBytes();
        var bit = range.PrefixLength - 1;
        bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return (range.BaseAddress.AddressFamily, bit, new IPAddress(bytes).ToString());
    }

    private static bool IsOrdered(IReadOnlyList<IPNetwork> ranges) => ranges.Zip(ranges.Skip(1)).All(pair =>
        pair.First.BaseAddress.AddressFamily == pair.Second.BaseAddress.AddressFamily
            ? pair.First.BaseAddress.GetAddressBytes().AsSpan().SequenceCompareTo(pair.Second.BaseAddress.GetAddressBytes()) < 0
            : pair.First.BaseAddress.AddressFamily == AddressFamily.InterNetwork);
}
