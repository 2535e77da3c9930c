namespace Wayleave.Enforcement.Policies;

/// <summary>Merges a client's declared targets into destinations. Not thread-safe.</summary>
internal sealed class DestinationSet
{
    private readonly Dictionary<(string, string, string), (PolicySubject Server, PortSet Ports)> _pods = [];
    private readonly SortedDictionary<string, (IReadOnlyList<PolicyPort> Ports, SortedSet<string> Ranges)> _addresses = new(StringComparer.Ordinal);

    /// <summary>How many ranges there are, counted once for each group of ports.</summary>
    public int RangeCount { get; private set; }

    /// <summary>Opens the way to pods; at every port when <paramref name="ports"/> is empty.</summary>
    public void Allow(PolicySubject server, IReadOnlyList<PolicyPort> ports)
    {
        var key = (server.Namespace, server.Kind, server.Name);
        if (!_pods.TryGetValue(key, out var known))
        {
            known = (server, new PortSet());
            _pods.Add(key, known);
        }

        known.Ports.Add(ports);
    }

    /// <summary>Opens the way to addresses; at every port when <paramref name="ports"/> is empty.</summary>
    public void Allow(IEnumerable<string> ranges, IReadOnlyList<PolicyPort> ports)
    {
        var set = new PortSet();
        set.Add(ports);
        var ordered = set.ToOrderedList();
        var key = string.Join(',', ordered);
        if (!_addresses.TryGetValue(key, out var group))
        {
            group = (ordered, new SortedSet<string>(StringComparer.Ordinal));
            _addresses.Add(key, group);
        }

        foreach (var range in ranges)
        {
            RangeCount += group.Ranges.Add(range) ? 1 : 0;
        }
    }

    /// <summary>By namespace, kind and name.</summary>
    public IReadOnlyList<PodDestination> Pods() => _pods
        .OrderBy(entry => entry.Key.Item1, StringComparer.Ordinal)
        .ThenBy(entry => entry.Key.Item2, StringComparer.Ordinal)
        .ThenBy(entry => entry.Key.Item3, StringComparer.Ordinal)
        .Select(entry => new PodDestination(entry.Value.Server, entry.Value.Ports.ToOrderedList()))
        .ToArray();

    /// <summary>By their ports.</summary>
    public IReadOnlyList<AddressDestination> Addresses() => _addresses.Values
        .Where(group => group.Ranges.Count > 0)
        .Select(group => new AddressDestination([.. group.Ranges], group.Ports))
        .ToArray();
}
