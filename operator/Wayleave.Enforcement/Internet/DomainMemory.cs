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

    /// <summary>After an answer.</summary>
    public DomainMemory Answered(IEnumerable<IPAddress> addresses, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var fresh = addresses.Select(Plain).DistinctBy(address => address.ToString()).OrderBy(address => address.ToString(), StringComparer.Ordinal)
            .Take(MaxKept)
            .Select(address => KeyValuePair.Create(address.ToString(), (address, now)));
        var known = Known.SetItems(fresh).RemoveRange(Known.Where(entry => now - entry.Value.Seen > Linger).Select(entry => entry.Key));
        known = known.SetItems(fresh);
        return With(known, failure: known.IsEmpty ? DomainFailures.NotFound : null);
    }

    /// <summary>After a look-up that failed: the last good answer stays, however long ago it was.</summary>
    public DomainMemory Failed(string failure) => With(Known, failure);

    private DomainMemory With(ImmutableSortedDictionary<string, (IPAddress Address, DateTimeOffset Seen)> known, string? failure) => this with
    {
        Known = known,
        Answer = new DomainAnswer(Domain, known.Values.Select(entry => entry.Address).Take(MaxKept).ToArray()) { IsKnown = true, Failure = failure },
    };

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
}
