using System.Collections.Immutable;
using System.Net;
using Wayleave.Api;

namespace Wayleave.Enforcement.Internet;

/// <summary>How much of what DNS answered to the Pods of a client is known.</summary>
public enum SeenState
{
    /// <summary>The map of the network mapper has not been read yet.</summary>
    Unread,

    /// <summary>The map has no entry of the client: it was not seen yet, or its entry was deleted.</summary>
    Missing,

    /// <summary>The entry of the client is too new to have the names that its Pods asked for before.</summary>
    Recent,

    /// <summary>A name that the entry does not have was not asked for.</summary>
    Settled,
}

/// <summary>What DNS answered to the Pods of one client, as the network mapper has seen it. Immutable.</summary>
/// <param name="Names">The addresses of each name.</param>
public sealed record SeenAnswers(SeenState State, IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> Names)
{
    /// <summary>
    /// How long a new entry of the map may lack names. A client that keeps its addresses asks for them again when its Pods are replaced or
    /// its own cache has expired.
    /// </summary>
    public static readonly TimeSpan LearningTime = TimeSpan.FromDays(1);

    private static readonly Dictionary<string, IReadOnlyList<IPAddress>> _none = [];

    public static SeenAnswers Unread { get; } = new(SeenState.Unread, _none);

    /// <summary>The map has no entry of the client.</summary>
    public static SeenAnswers Missing { get; } = new(SeenState.Missing, _none);

    /// <summary>The UIDs of the entries, in order: one changes when its entry is deleted and written again.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>When <see cref="SeenState.Recent"/> ends.</summary>
    public DateTimeOffset SettledAt { get; init; }

    /// <summary>Reads the entries of a client: several if it means several workloads.</summary>
    public static SeenAnswers Read(IReadOnlyCollection<ObservedIntents> entries, DateTimeOffset now)
    {
        if (entries.Count == 0)
        {
            return Missing;
        }

        var settledAt = entries.Max(entry => CreatedAt(entry)) + LearningTime;
        return new SeenAnswers(now < settledAt ? SeenState.Recent : SeenState.Settled, ReadNames(entries))
        {
            Sources = [.. entries.Select(entry => entry.Metadata.Uid).Order(StringComparer.Ordinal)],
            SettledAt = settledAt,
        };
    }

    /// <summary>The names of an entry with the addresses that were answered, each as often as it is listed.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<string> Addresses)> NamesOf(ObservedIntents entry)
    {
        foreach (var call in entry.Calls)
        {
            if (call is { Addresses: { Count: > 0 } addresses, Target.Internet.Domains: { } domains })
            {
                foreach (var domain in domains)
                {
                    yield return (domain, addresses);
                }
            }
        }
    }

    /// <summary>The names whose addresses differ between two versions of an entry: all of them if it was written again.</summary>
    public static IReadOnlyList<string> FindChangedNames(ObservedIntents? old, ObservedIntents? now)
    {
        var (before, after) = (CollectAddresses(old), CollectAddresses(now));
        var isSame = old?.Metadata.Uid == now?.Metadata.Uid;
        return
        [
            .. before.Keys.Union(after.Keys, StringComparer.Ordinal).Where(name => !isSame
                || !before.TryGetValue(name, out var one) || !after.TryGetValue(name, out var other) || !one.SetEquals(other)),
        ];
    }

    /// <summary>The addresses of all names that a declared domain includes, in order and each once.</summary>
    public IReadOnlyList<IPAddress> FindAddresses(string declared)
    {
        if (!DomainPattern.IsWildcard(declared))
        {
            return Names.GetValueOrDefault(declared) ?? [];
        }

        return
        [
            .. Names.Where(name => DomainPattern.Includes(declared, name.Key))
                .SelectMany(name => name.Value)
                .DistinctBy(address => address.ToString(), StringComparer.Ordinal)
                .OrderBy(address => address.ToString(), StringComparer.Ordinal),
        ];
    }

    private static Dictionary<string, IReadOnlyList<IPAddress>> ReadNames(IEnumerable<ObservedIntents> entries) => entries
        .SelectMany(NamesOf)
        .GroupBy(name => name.Name, StringComparer.Ordinal)
        .ToDictionary(
            name => name.Key,
            IReadOnlyList<IPAddress> (name) => [.. name.SelectMany(one => one.Addresses)
                .Distinct(StringComparer.Ordinal)
                .Select(text => IPAddress.TryParse(text, out var address) ? address : null)
                .OfType<IPAddress>()],
            StringComparer.Ordinal);

    private static Dictionary<string, HashSet<string>> CollectAddresses(ObservedIntents? entry) => (entry is null ? [] : NamesOf(entry))
        .GroupBy(name => name.Name, StringComparer.Ordinal)
        .ToDictionary(
            name => name.Key,
            name => name.SelectMany(one => one.Addresses).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);

    private static DateTimeOffset CreatedAt(ObservedIntents entry) => entry.Metadata.CreationTimestamp is { } created
        ? new DateTimeOffset(DateTime.SpecifyKind(created, DateTimeKind.Utc))
        : DateTimeOffset.MinValue;
}
