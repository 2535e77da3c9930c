using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Sightings =
    System.Collections.Immutable.ImmutableSortedDictionary<string, (System.Net.IPAddress Address, System.DateTimeOffset Seen)>;

namespace Wayleave.Enforcement.Internet;

/// <summary>
/// The answers for one name over time. An address stays for a while after it was last answered: names that rotate their addresses answer
/// with a few of many, and a client may keep one that the operator's last lookup did not show. Immutable.
/// </summary>
public sealed record DomainHistory(string Domain)
{
    /// <summary>How long an address stays after it was last in an answer.</summary>
    public static readonly TimeSpan GracePeriod = TimeSpan.FromMinutes(10);

    // Above the numbers of allowed addresses, so that too many can be detected, and bounded.
    private const int MaxKept = 256;
    private const int MaxKeptOfWildcard = 1024;

    private Sightings Known { get; init; } = ImmutableSortedDictionary.Create<string, (IPAddress, DateTimeOffset)>(StringComparer.Ordinal);

    public DomainAnswer Answer { get; private init; } = DomainAnswer.Unknown(Domain, []);

    /// <summary>When the first address expires that is not answered any more. Null if all are answered.</summary>
    public DateTimeOffset? FindExpiry(IEnumerable<IPAddress> answered)
    {
        var current = answered.Select(address => Plain(address).ToString()).ToHashSet(StringComparer.Ordinal);
        DateTimeOffset? seen = null;
        foreach (var (_, entry) in Known.Where(entry => !current.Contains(entry.Key)))
        {
            seen = seen < entry.Seen ? seen : entry.Seen;
        }

        return seen + GracePeriod;
    }

    private int Limit => DomainPattern.IsWildcard(Domain) ? MaxKeptOfWildcard : MaxKept;

    /// <summary>After a restart: the addresses from the status. They stay until the name is resolved.</summary>
    public static DomainHistory Restored(string domain, IEnumerable<IPAddress> addresses, DateTimeOffset now)
    {
        var empty = new DomainHistory(domain);
        var known = empty.Known.SetItems(empty.Seen(addresses, now));
        return empty with { Known = known, Answer = DomainAnswer.Unknown(domain, empty.Addresses(known)) };
    }

    /// <summary>After a response. An empty response means that the name does not exist or has no address.</summary>
    /// <param name="unanswered">The address family without an answer, whose known addresses stay. Null for none.</param>
    public DomainHistory WithAnswer(IReadOnlyCollection<IPAddress> addresses, DateTimeOffset now, AddressFamily? unanswered = null)
    {
        var all = Known.SetItems(Seen(addresses, now));
        var expired = all.Where(entry => entry.Value.Address.AddressFamily != unanswered && now - entry.Value.Seen > GracePeriod);
        var empty = unanswered is null ? DomainFailures.NotFound : DomainFailures.ResolverFailed;
        var known = all.RemoveRange(expired.Select(entry => entry.Key));
        return With(known, isAnswered: true, failure: addresses.Count == 0 ? empty : null);
    }

    /// <summary>After a failed lookup. The last good response stays without a time limit.</summary>
    public DomainHistory WithFailure(string failure) => With(Known, Answer.IsAnswered, failure);

    private IEnumerable<KeyValuePair<string, (IPAddress Address, DateTimeOffset Seen)>> Seen(
        IEnumerable<IPAddress> addresses, DateTimeOffset now) => addresses
        .Select(Plain)
        .DistinctBy(address => address.ToString(), StringComparer.Ordinal)
        .OrderBy(address => address.ToString(), StringComparer.Ordinal)
        .Take(Limit)
        .Select(address => KeyValuePair.Create(address.ToString(), (address, now)));

    private IPAddress[] Addresses(Sightings known) => known.Values.Select(entry => entry.Address).Take(Limit).ToArray();

    private DomainHistory With(Sightings known, bool isAnswered, string? failure) => this with
    {
        Known = known,
        Answer = new DomainAnswer(Domain, Addresses(known)) { IsKnown = true, IsAnswered = isAnswered, Failure = failure },
    };

    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
}

/// <summary>The resolved state of a DNS name.</summary>
/// <param name="Addresses">In order and each once; the last good answer when the lookup fails now.</param>
public sealed record DomainAnswer(string Domain, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>False until the first lookup has ended, however it ended.</summary>
    public bool IsKnown { get; init; }

    /// <summary>
    /// True once a nameserver has answered since the operator started. Until then <see cref="Addresses"/> are the ones that an earlier
    /// process wrote down, and there may have been more.
    /// </summary>
    public bool IsAnswered { get; init; }

    /// <summary>The error of the last lookup, one of <see cref="DomainFailures"/>. Null if it succeeded.</summary>
    public string? Failure { get; init; }

    /// <summary>Those of <see cref="Addresses"/> that only the client's Pods got, as the network mapper has seen.</summary>
    public IReadOnlyList<IPAddress> Observed { get; init; } = [];

    /// <summary>How much is known of what the client's Pods got. Null where the map of the network mapper is not read.</summary>
    public SeenState? Seen { get; init; }

    /// <summary>Whether the map has lost the entry that some of <see cref="Observed"/> came from.</summary>
    public bool HasForgotten { get; init; }

    /// <summary>Whether an earlier process may have opened more addresses than are known now because the client's Pods got them.</summary>
    public bool MayHaveMore { get; init; }

    /// <summary>Whether all that is open for the name is among <see cref="Addresses"/>.</summary>
    public bool IsComplete => IsAnswered && !MayHaveMore;

    /// <summary>A name that cannot be looked up, such as one with a <c>*</c>.</summary>
    public static DomainAnswer Unresolvable(string domain) => new(domain, []) { IsKnown = true, IsAnswered = true };

    /// <summary>Nothing is known yet, except perhaps what an earlier process wrote down.</summary>
    public static DomainAnswer Unknown(string domain, IReadOnlyList<IPAddress> addresses) => new(domain, addresses);
}

/// <summary>The errors of lookups. A closed list, because text from a nameserver is not trusted.</summary>
public static class DomainFailures
{
    /// <summary>The name does not exist, or has no address.</summary>
    public const string NotFound = "there is no such name, or it has no address";

    /// <summary>The resolver did not answer, or answered that it failed.</summary>
    public const string ResolverFailed = "the nameserver does not respond";

    /// <summary>The first lookup has not ended.</summary>
    public const string NoAnswerYet = "the resolver has not answered yet";

    /// <summary>A wildcard, while the map of the network mapper cannot be read.</summary>
    public const string MapNotRead = "the map of the network mapper has not been read yet";
}
