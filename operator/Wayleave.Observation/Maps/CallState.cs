using System.Collections.Immutable;
using System.Net;
using Wayleave.Api;
using Wayleave.Observation.Resolution;

namespace Wayleave.Observation.Maps;

/// <summary>How soon a change has to be stored.</summary>
public enum ChangeUrgency
{
    /// <summary>Nothing that the object shows changed.</summary>
    None,

    /// <summary>Times, numbers: with the next write, or after an hour.</summary>
    Refresh,

    /// <summary>A new call, port or outcome: as soon as possible.</summary>
    Urgent,
}

/// <summary>
/// One call of a workload, merged from sightings. Every part is a maximum, a minimum, a union or an intersection, so that the order of the
/// sightings does not matter. The numbers of connections are sums, for which each batch must be merged once. Not thread-safe.
/// </summary>
internal sealed class CallState
{
    public const int MaxAddresses = 20;
    private const int MaxPorts = 100;

    private readonly SortedSet<int> _ports = [];
    private readonly SortedSet<string> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, DateTimeOffset> _addresses = [];
    private long _connected;
    private long _open;
    private long _attempts;

    public IReadOnlyCollection<int> Ports => _ports;

    public IReadOnlyCollection<string> Sources => _sources;

    /// <summary>The labels that all Pods of the target have that were seen. Null if it is not named by labels.</summary>
    public ImmutableSortedDictionary<string, string>? Labels { get; private set; }

    /// <summary>Of several Services, the first in the order of the alphabet.</summary>
    public ObjectKey? Service { get; private set; }

    public bool IsAmbiguous { get; private set; } = true;

    public bool IsInfrastructure { get; private set; } = true;

    public string Outcome { get; private set; } = ObservedOutcomes.Unanswered;

    public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Connections, or attempts as long as there is none.</summary>
    public long Connections => Outcome == ObservedOutcomes.Connected ? Math.Max(_connected, _open) : _attempts;

    /// <summary>Those that were answered last, at most twenty.</summary>
    public IEnumerable<IPAddress> Addresses => _addresses
        .OrderByDescending(address => address.Value)
        .ThenBy(address => address.Key.ToString(), StringComparer.Ordinal)
        .Select(address => address.Key);

    /// <summary>Merges a sighting.</summary>
    /// <returns>What changed in the object, and the source if it is new.</returns>
    public (ChangeUrgency Urgency, string? NewSource) Merge(CallSighting sighting)
    {
        var bucket = ConnectionBuckets.Format(Connections);
        var hour = ToHour(Last);
        var first = ToSecond(First);
        var isUrgent = MergePorts(sighting.Ports) | MergeOutcome(sighting);
        var newSource = _sources.Add(sighting.Source) ? sighting.Source : null;
        isUrgent |= newSource is not null | MergeFlags(sighting);
        Count(sighting);
        First = sighting.First < First ? sighting.First : First;
        Last = sighting.Last > Last ? sighting.Last : Last;
        var addresses = MergeAddresses(sighting.Addresses, sighting.Last);
        var isChanged = bucket != ConnectionBuckets.Format(Connections) || hour != ToHour(Last) || first != ToSecond(First);
        var urgency = isUrgent ? ChangeUrgency.Urgent : isChanged ? ChangeUrgency.Refresh : ChangeUrgency.None;
        return (urgency > addresses ? urgency : addresses, newSource);
    }

    /// <summary>Takes what a stored call has.</summary>
    public void Restore(CallSighting stored, long connections, string outcome, IReadOnlyList<string> sources)
    {
        MergePorts(stored.Ports);
        MergeFlags(stored);
        _sources.UnionWith(sources);
        Outcome = outcome;
        (_connected, _attempts) = outcome == ObservedOutcomes.Connected ? (connections, connections) : (0L, connections);
        (First, Last) = (stored.First, stored.Last);
        MergeAddresses(stored.Addresses, stored.Last);
    }

    public static DateTimeOffset ToHour(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerHour));

    public static DateTimeOffset ToSecond(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private bool MergePorts(ImmutableArray<int> ports)
    {
        var isChanged = false;
        foreach (var port in ports.Where(_ports.Add))
        {
            // The lowest stay, whatever the order is.
            var highest = _ports.Max;
            isChanged |= _ports.Count <= MaxPorts || highest != port;
            if (_ports.Count > MaxPorts)
            {
                _ports.Remove(highest);
            }
        }

        return isChanged;
    }

    private bool MergeOutcome(CallSighting sighting)
    {
        var seen = sighting switch
        {
            { Connected: > 0 } => ObservedOutcomes.Connected,
            { Refused: > 0 } => ObservedOutcomes.Refused,
            _ => ObservedOutcomes.Unanswered,
        };
        var isBetter = RankOf(seen) > RankOf(Outcome);
        Outcome = isBetter ? seen : Outcome;
        return isBetter;
    }

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
        }
        else
        {
            _connected += sighting.Connected;
        }

        _attempts += sighting.Connected + sighting.Refused + sighting.Unanswered;
    }

    // A domain with changing addresses must not be written for each of them.
    private ChangeUrgency MergeAddresses(ImmutableArray<IPAddress> addresses, DateTimeOffset at)
    {
        var urgency = ChangeUrgency.None;
        foreach (var address in addresses)
        {
            var isKnown = _addresses.TryGetValue(address, out var last);
            _addresses[address] = isKnown && last > at ? last : at;
            if (_addresses.Count > MaxAddresses)
            {
                _addresses.Remove(Addresses.Last());
                urgency = !isKnown && urgency == ChangeUrgency.None ? ChangeUrgency.Refresh : urgency;
            }
            else if (!isKnown)
            {
                urgency = ChangeUrgency.Urgent;
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

    private static int RankOf(string outcome) => outcome switch
    {
        ObservedOutcomes.Connected => 2,
        ObservedOutcomes.Refused => 1,
        _ => 0,
    };
}
