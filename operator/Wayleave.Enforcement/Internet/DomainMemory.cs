using System.Collections.Immutable;
using System.Net;

namespace Wayleave.Enforcement.Internet;

/// <summary>
/// The answers for one name over time. An address stays for a while after it was last answered: names that rotate their addresses answer
/// with a few of many, and a client may hold on to one that the operator's last look-up did not show. Immutable.
/// </summary>
public sealed record DomainMemory(string Domain)
{
    /// <summary>How long an address stays after it was last in an answer.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromMinutes(10);

    // Enough to tell a name with too many addresses from one with many, and little enough to keep.
    private const int MaxKept = 256;

    private ImmutableSortedDictionary<string, (IPAddress Address, DateTimeOffset Seen)> Known { get; init; } =
        ImmutableSortedDictionary.Create<string, (IPAddress, DateTimeOffset)>(StringComparer.Ordinal);

    /// <summary>What is known now.</summary>
    public DomainAnswer Answer { get; private init; } = DomainAnswer.Unknown(Domain);

    /// <summary>After a start: what was known before, as far as it was written down. It holds until the name is looked up.</summary>
    public static DomainMemory Recalled(string domain, IEnumerable<IPAddress> addresses, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var memory = new DomainMemory(domain);
        return memory with { Known = memory.Known.SetItems(Seen(addresses, now)) };
    }

    /// <summary>After an answer; an empty one says that there is no such name, or that it has no address.</summary>
    public DomainMemory Answered(IReadOnlyCollection<IPAddress> addresses, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var all = Known.SetItems(Seen(addresses, now));
        var known = all.RemoveRange(all.Where(entry => now - entry.Value.Seen > Linger).Select(entry => entry.Key));
        return With(known, failure: addresses.Count == 0 ? DomainFailures.NotFound : null);
    }

    /// <summary>After a look-up that nobody answered: the last good answer stays, however long ago it was.</summary>
    public DomainMemory Failed(string failure) => With(Known, failure);

    private static IEnumerable<KeyValuePair<string, (IPAddress Address, DateTimeOffset Seen)>> Seen(IEnumerable<IPAddress> addresses, DateTimeOffset now) => addresses
        .Select(Plain)
        .DistinctBy(address => address.ToString(), StringComparer.Ordinal)
        .OrderBy(address => address.ToString(), StringComparer.Ordinal)
        .Take(MaxKept)
        .Select(address => KeyValuePair.Create(address.ToString(), (address, now)));

    private DomainMemory With(ImmutableSortedDictionary<string, (IPAddress Address, DateTimeOffset Seen)> known, string? failure) => this with
    {
        Known = known,
        Answer = new DomainAnswer(Domain, known.Values.Select(entry => entry.Address).Take(MaxKept).ToArray()) { IsKnown = true, Failure = failure },
    };

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
}
