using System.Collections.Immutable;
using System.Net;

namespace Wayleave.Enforcement.Internet;

/// <summary>
/// The addresses that DNS answered to the Pods of a client for one declared domain, over time. An address stays for a while after the map
/// of the network mapper lost it. If the map lost an entry of the client, all of its addresses stay. Immutable.
/// </summary>
public sealed record SeenDomain
{
    /// <summary>How many addresses the status of a target lists. If it lists as many, there may have been more.</summary>
    public const int MaxListed = 20;

    private const int MaxKept = 1024;

    private SeenDomain(string domain, DomainHistory history)
    {
        (Domain, History) = (domain, history);
    }

    public string Domain { get; }

    // What was answered, with the time for which each address stays.
    private DomainHistory History { get; init; }

    // What the map had at the last update.
    private ImmutableArray<IPAddress> Current { get; init; } = [];

    // What an entry of the map had that is gone.
    private ImmutableArray<IPAddress> Kept { get; init; } = [];

    private SeenAnswers Seen { get; init; } = SeenAnswers.Missing;

    // One of several entries is gone: the others may still have to learn what it had.
    private DateTimeOffset LearnsUntil { get; init; } = DateTimeOffset.MinValue;

    // An earlier process may have opened more than the status lists.
    private bool MayHaveMore { get; init; }

    /// <summary>After a start: the addresses that an earlier process opened because of the map, as far as the status lists them.</summary>
    public static SeenDomain Restore(string domain, IReadOnlyCollection<IPAddress> listed) => new(domain, new DomainHistory(domain))
    {
        Kept = [.. listed],
        MayHaveMore = listed.Count >= MaxListed,
    };

    /// <summary>With what the map has now.</summary>
    public SeenDomain Update(SeenAnswers seen, DateTimeOffset now)
    {
        if (seen.State == SeenState.Unread)
        {
            return this with { Seen = seen with { Sources = Seen.Sources } };
        }

        var learnsUntil = HasLostOneOf(seen.Sources) ? now + SeenAnswers.LearningTime : LearnsUntil;
        return seen.State == SeenState.Settled && now < learnsUntil
            ? UpdateFrom(seen with { State = SeenState.Recent, SettledAt = learnsUntil }, now) with { LearnsUntil = learnsUntil }
            : UpdateFrom(seen, now) with { LearnsUntil = learnsUntil };
    }

    private SeenDomain UpdateFrom(SeenAnswers seen, DateTimeOffset now)
    {
        var addresses = seen.FindAddresses(Domain);
        IEnumerable<IPAddress> kept = seen.Sources.SequenceEqual(Seen.Sources) ? Kept : [.. Kept, .. Current, .. History.Answer.Addresses];

        // What the map had until now was answered until now.
        return seen.State == SeenState.Settled
            ? this with
            {
                History = History.WithAnswer([.. Kept, .. Current, .. addresses], now),
                Current = [.. addresses],
                Kept = [],
                Seen = seen,
                MayHaveMore = false,
            }
            : this with
            {
                History = History.WithAnswer([.. Current, .. addresses], now),
                Current = [.. addresses],
                Kept = [.. Without(kept, addresses).Take(MaxKept)],
                Seen = seen,
            };
    }

    /// <summary>The answer for the domain: what the operator's own lookups found, and what the client's Pods got.</summary>
    /// <param name="own">The answer to the operator. For a wildcard, <see cref="DomainAnswer.Unresolvable"/>.</param>
    public DomainAnswer Complete(DomainAnswer own)
    {
        var isUnread = Seen.State == SeenState.Unread;
        List<IPAddress> seen = [.. Without([.. History.Answer.Addresses, .. Kept], own.Addresses)
            .OrderBy(address => address.ToString(), StringComparer.Ordinal)];
        return own with
        {
            Addresses = [.. own.Addresses, .. seen],
            Observed = seen,
            Seen = Seen.State,
            IsKnown = own.IsKnown && !(isUnread && DomainPattern.IsWildcard(Domain)),
            HasForgotten = !isUnread && Without(Kept, own.Addresses).Any(),
            MayHaveMore = isUnread || MayHaveMore,
        };
    }

    /// <summary>When an address expires even if the map stays as it is. Null for never.</summary>
    public DateTimeOffset? FindNextExpiry()
    {
        var expiry = History.FindExpiry(Current);
        DateTimeOffset? settled = Seen.State == SeenState.Recent && !Kept.IsEmpty ? Seen.SettledAt : null;
        return expiry is null || settled < expiry ? settled ?? expiry : expiry;
    }

    private bool HasLostOneOf(ImmutableArray<string> sources) => !sources.IsEmpty
        && Seen.Sources.Any(source => sources.Contains(source)) && Seen.Sources.Any(source => !sources.Contains(source));

    private static IEnumerable<IPAddress> Without(IEnumerable<IPAddress> addresses, IEnumerable<IPAddress> others)
    {
        var known = others.Select(address => address.ToString()).ToHashSet(StringComparer.Ordinal);
        return addresses.Where(address => known.Add(address.ToString()));
    }
}
