using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Wayleave.Enforcement.Internet;

/// <summary>An <c>ipBlock</c>: an address range without some ranges within it. Compared by value.</summary>
/// <param name="Except">Excluded ranges, sorted and unique.</param>
public sealed record AddressBlock(string Cidr, IReadOnlyList<string> Except)
{
    /// <summary>A whole range.</summary>
    public AddressBlock(string cidr)
        : this(cidr, [])
    {
    }

    /// <summary>The order in which blocks are written.</summary>
    internal static Comparer<AddressBlock> Order { get; } = Comparer<AddressBlock>.Create(static (left, right) =>
    {
        var byCidr = string.CompareOrdinal(left.Cidr, right.Cidr);
        return byCidr != 0 ? byCidr : string.CompareOrdinal(string.Join(',', left.Except), string.Join(',', right.Except));
    });

    /// <summary>Whether the block contains the address.</summary>
    public bool Contains(IPAddress address) =>
        IPNetwork.Parse(Cidr).Contains(address) && !Except.Any(except => IPNetwork.Parse(except).Contains(address));

    /// <summary>Whether the block contains the whole range.</summary>
    public bool Includes(AddressBlock other)
    {
        var range = IPNetwork.Parse(other.Cidr);
        return AddressRange.Includes(IPNetwork.Parse(Cidr), range)
            && Except.Select(except => IPNetwork.Parse(except))
                .All(except => !AddressRange.Includes(except, range) && !AddressRange.Includes(range, except));
    }

    public bool Equals(AddressBlock? other) =>
        other is not null && Cidr == other.Cidr && Except.SequenceEqual(other.Except, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Cidr, Except.Count);
}

/// <summary>Detects whether address blocks together include every address of an IP family.</summary>
internal static class AddressCoverage
{
    public static bool IncludesAFamily(IEnumerable<AddressBlock> blocks)
    {
        var segments = blocks.SelectMany(Segments).ToLookup(segment => segment.IsVersion6);
        return IsEverything(segments[false], uint.MaxValue) || IsEverything(segments[true], UInt128.MaxValue);
    }

    private static bool IsEverything(IEnumerable<Segment> segments, UInt128 last)
    {
        UInt128 next = 0;
        foreach (var segment in segments.OrderBy(segment => segment.First))
        {
            if (segment.First > next)
            {
                return false;
            }

            if (segment.Last == last)
            {
                return true;
            }

            next = segment.Last + 1 > next ? segment.Last + 1 : next;
        }

        return false;
    }

    // The parts of a block between the ranges that it leaves out.
    private static IEnumerable<Segment> Segments(AddressBlock block)
    {
        var whole = Segment.Of(block.Cidr);
        var next = whole.First;
        foreach (var gap in block.Except.Select(Segment.Of).OrderBy(gap => gap.First))
        {
            if (gap.First > next)
            {
                yield return whole with { First = next, Last = gap.First - 1 };
            }

            if (gap.Last == whole.Last)
            {
                yield break;
            }

            next = gap.Last + 1 > next ? gap.Last + 1 : next;
        }

        yield return whole with { First = next };
    }

    private readonly record struct Segment(bool IsVersion6, UInt128 First, UInt128 Last)
    {
        public static Segment Of(string cidr)
        {
            var network = IPNetwork.Parse(cidr);
            var isVersion6 = network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
            Span<byte> bytes = stackalloc byte[16];
            bytes.Clear();
            network.BaseAddress.TryWriteBytes(isVersion6 ? bytes : bytes[12..], out _);
            var first = BinaryPrimitives.ReadUInt128BigEndian(bytes);
            var host = (isVersion6 ? 128 : 32) - network.PrefixLength;
            return new Segment(isVersion6, first, first | (host == 128 ? UInt128.MaxValue : (UInt128.One << host) - 1));
        }
    }
}
