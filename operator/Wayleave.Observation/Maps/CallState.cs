using System.Collections.Immutable;
using System.Net;
using Wayleave.Api;
using Wayleave.Observation.Resolution;

namespace Wayleave.Observation.Maps;

/// <summary>How soon a change has to be stored.</summary>
internal enum ChangeUrgency
{
    /// <summary>Nothing that the object shows changed.</summary>
    None,

    /// <summary>Times, numbers: with the next write, or after an hour.</summary>
    Refresh,

    /// <summary>A new address of a domain that has more than an object lists: after a few minutes.</summary>
    Rotation,

    /// <summary>A new call, port or outcome: after a minute at most.</summary>
    Urgent,

    /// <summary>A new domain or address that DNS answered, which an egress policy may wait for: within seconds.</summary>
    Answer,
}

/// <summary>What ports of a target were called with one outcome.</summary>
/// <param name="Outcome">The best outcome of these ports.</param>
/// <param name="Ports">In order. Empty if they are not known.</param>
/// <param name="Connections">Connections, or attempts if the outcome is another.</param>
internal sealed record CallGroup(string Outcome, IReadOnlyCollection<int> Ports, long Connections);

/// <summary>
/// The calls of a workload to one target, merged from sightings. Every part is a maximum, a minimum, a union or an intersection, so that
/// the order of the sightings does not matter. The numbers of connections are sums, for which each batch must be merged once. Not
/// thread-safe.
/// </summary>
internal sealed class CallState
{
    public const int MaxAddresses = 64;
    private const int MaxPorts = 100;

    // A sighting without a port, such as an answer of DNS.
    private const int NoPort = 0;

    // Worst first. A port has the best outcome that it ever had.
    private static readonly string[] _outcomes =
        [ObservedOutcomes.Resolved, ObservedOutcomes.Unanswered, ObservedOutcomes.Refused, ObservedOutcomes.Connected];

    private readonly SortedDictionary<int, int> _ranks = [];
    private readonly SortedSet<string> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, DateTimeOffset> _addresses = [];
    private readonly long[] _counts = new long[4];
    private long _open;

    /// <summary>One for each outcome, the best first.</summary>
    public IEnumerable<CallGroup> Groups
    {
        get
        {
            var hasPorts = _ranks.Keys.Any(port => port != NoPort);
            return _ranks
                .Where(port => port.Key != NoPort || !hasPorts)
                .GroupBy(port => port.Value, port => port.Key)
                .OrderByDescending(group => group.Key)
                .Select(group => new CallGroup(_outcomes[group.Key], [.. group.Where(port => port != NoPort)], CountOf(group.Key)));
        }
    }

    public IReadOnlyCollection<string> Sources => _sources;

    /// <summary>The labels that all Pods of the target have that were seen. Null if it is not named by labels.</summary>
    public ImmutableSortedDictionary<string, string>? Labels { get; private set; }

    /// <summary>Of several Services, the first in the order of the alphabet.</summary>
    public ObjectKey? Service { get; private set; }

    public bool IsAmbiguous { get; private set; } = true;

    public bool IsInfrastructure { get; private set; } = true;

    public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Those that were answered last, at most 64.</summary>
    public IEnumerable<IPAddress> Addresses => _addresses
        .OrderByDescending(address => address.Value)
        .ThenBy(address => address.Key.ToString(), StringComparer.Ordinal)
        .Select(address => address.Key);

    /// <returns>What changed in the object, and the source if it is new.</returns>
    public (ChangeUrgency Urgency, string? NewSource) Merge(CallSighting sighting)
    {
        var buckets = Buckets();
        var hour = ToHour(Last);
        var first = ToSecond(First);
        var isUrgent = MergePorts(sighting.Ports, RankOf(sighting));
        var newSource = _sources.Add(sighting.Source) ? sighting.Source : null;
        isUrgent |= newSource is not null | MergeFlags(sighting);
        Count(sighting);
        First = sighting.First < First ? sighting.First : First;
        Last = sighting.Last > Last ? sighting.Last : Last;
        var addresses = MergeAddresses(sighting.Addresses, sighting.Last);
        var isChanged = buckets != Buckets() || hour != ToHour(Last) || first != ToSecond(First);
        var urgency = isUrgent ? ChangeUrgency.Urgent : isChanged ? ChangeUrgency.Refresh : ChangeUrgency.None;
        return (urgency > addresses ? urgency : addresses, newSource);
    }

    /// <summary>Takes what a stored call has. There is one for each outcome.</summary>
    public void Restore(CallSighting stored, long connections, string outcome, IReadOnlyList<string> sources)
    {
        var rank = Math.Max(0, Array.IndexOf(_outcomes, outcome));
        MergePorts(stored.Ports, rank);
        MergeFlags(stored);
        _sources.UnionWith(sources);
        _counts[rank] = connections;
        First = stored.First < First ? stored.First : First;
        Last = stored.Last > Last ? stored.Last : Last;
        MergeAddresses(stored.Addresses, stored.Last);
    }

    public static DateTimeOffset ToHour(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerHour));

    public static DateTimeOffset ToSecond(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private bool MergePorts(ImmutableArray<int> ports, int rank)
    {
        var isChanged = false;
        foreach (var port in ports.IsDefaultOrEmpty ? [NoPort] : ports)
        {
            if (_ranks.TryGetValue(port, out var known) && known >= rank)
            {
                continue;
            }

            _ranks[port] = rank;

            // The lowest stay, whatever the order is.
            var highest = _ranks.Count > MaxPorts ? _ranks.Keys.Last() : NoPort;
            isChanged |= highest == NoPort || highest != port;
            if (_ranks.Count > MaxPorts)
            {
                _ranks.Remove(highest);
            }
        }

        return isChanged;
    }

    private static int RankOf(CallSighting sighting) => Array.IndexOf(_outcomes, sighting switch
    {
        { Source: ObservedSources.Dns } => ObservedOutcomes.Resolved,
        { Connected: > 0 } => ObservedOutcomes.Connected,
        { Refused: > 0 } => ObservedOutcomes.Refused,
        _ => ObservedOutcomes.Unanswered,
    });

    private long CountOf(int rank) => _outcomes[rank] == ObservedOutcomes.Connected ? Math.Max(_counts[rank], _open) : _counts[rank];

    // Of the outcomes that the object shows.
    private string Buckets() =>
        string.Join(' ', _ranks.Values.Distinct().Order().Select(rank => ConnectionBuckets.Format(CountOf(rank))));

    private bool MergeFlags(CallSighting sighting)
    {
        var before = (IsAmbiguous, IsInfrastructure, Service, Labels);
        IsAmbiguous &= sighting.IsAmbiguous;
        IsInfrastructure &= sighting.IsInfrastructure;
        Service = Service is null || (sighting.Service is { } service && Compare(service, Service.Value) < 0) ? sighting.Service : Service;
        Labels = Labels is null || sighting.Labels is null ? Labels ?? sighting.Labels : Intersect(Labels, sighting.Labels);
        return before != (IsAmbiguous, IsInfrastructure, Service, Labels);
    }

    // The same open connection is seen in each scan.
    private void Count(CallSighting sighting)
    {
        if (sighting.Source == ObservedSources.SocketScan)
        {
            _open = Math.Max(_open, sighting.Connected);
            return;
        }

        _counts[Array.IndexOf(_outcomes, ObservedOutcomes.Connected)] += sighting.Connected;
        _counts[Array.IndexOf(_outcomes, ObservedOutcomes.Refused)] += sighting.Refused;
        _counts[Array.IndexOf(_outcomes, ObservedOutcomes.Unanswered)] += sighting.Unanswered;
    }

    // A sensor lists the newest address first. A domain with ever changing addresses must not be written for each of them.
    private ChangeUrgency MergeAddresses(ImmutableArray<IPAddress> addresses, DateTimeOffset at)
    {
        var urgency = ChangeUrgency.None;
        foreach (var address in addresses)
        {
            var isKnown = _addresses.TryGetValue(address, out var last);
            _addresses[address] = isKnown && last > at ? last : at;
            at = at.AddTicks(-1);
            if (_addresses.Count > MaxAddresses)
            {
                _addresses.Remove(Addresses.Last());
                urgency = !isKnown && urgency == ChangeUrgency.None ? ChangeUrgency.Rotation : urgency;
            }
            else if (!isKnown)
            {
                urgency = ChangeUrgency.Answer;
            }
        }

        return urgency;
    }

    private static ImmutableSortedDictionary<string, string> Intersect(
        ImmutableSortedDictionary<string, string> labels, ImmutableSortedDictionary<string, string> others)
    {
        var removed = labels.Where(label => others.GetValueOrDefault(label.Key) != label.Value).Select(label => label.Key).ToList();
        return removed.Count == 0 ? labels : labels.RemoveRange(removed);
    }

    private static int Compare(ObjectKey one, ObjectKey other) =>
        string.CompareOrdinal(one.Namespace, other.Namespace) is not 0 and var order ? order : string.CompareOrdinal(one.Name, other.Name);
}
