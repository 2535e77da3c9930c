using Wayleave.Enforcement.Internet;

namespace Wayleave.Enforcement.Policies;

/// <summary>Merges a client's declared targets into destinations. Not thread-safe.</summary>
internal sealed class DestinationSet
{
    private readonly Dictionary<(string, string, string), (PolicySubject Server, PortSet Ports)> _pods = [];
    private readonly SortedDictionary<string, AddressGroup> _addresses = new(StringComparer.Ordinal);

    /// <summary>How many blocks of addresses there are, counted once for each group of ports.</summary>
    public int BlockCount { get; private set; }

    /// <summary>Allows Pods, on every port if <paramref name="ports"/> is empty.</summary>
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

    /// <summary>Allows addresses, on every port if <paramref name="ports"/> is empty.</summary>
    public void Allow(IEnumerable<AddressBlock> blocks, IReadOnlyList<PolicyPort> ports)
    {
        var group = GroupOf(ports);
        foreach (var block in blocks)
        {
            BlockCount += group.Blocks.Add(block) ? 1 : 0;
        }

    }

    /// <summary>How many blocks <see cref="Allow(IEnumerable{AddressBlock}, IReadOnlyList{PolicyPort})"/> would add.</summary>
    public int CountNew(IEnumerable<AddressBlock> blocks, IReadOnlyList<PolicyPort> ports)
    {
        var known = GroupOf(ports).Blocks;
        return blocks.Distinct().Count(block => !known.Contains(block));
    }

    /// <summary>
    /// Whether every address of an IP family is allowed on the ports, and one of the blocks contributes to that. Call it after all blocks
    /// were added.
    /// </summary>
    public bool CompletesAllAddresses(IReadOnlyList<AddressBlock> blocks, IReadOnlyList<PolicyPort> ports)
    {
        var group = GroupOf(ports);
        var all = group.Blocks.Concat(_addresses.GetValueOrDefault("")?.Blocks ?? []);
        group.IsEverything ??= AddressCoverage.Family(all) is not null;
        return group.IsEverything.Value && blocks.Any(block => !all.Any(other => other != block && other.Includes(block)));
    }

    /// <summary>The allowed Pods, ordered by namespace, kind and name.</summary>
    public IReadOnlyList<PodDestination> Pods() => _pods
        .OrderBy(entry => entry.Key.Item1, StringComparer.Ordinal)
        .ThenBy(entry => entry.Key.Item2, StringComparer.Ordinal)
        .ThenBy(entry => entry.Key.Item3, StringComparer.Ordinal)
        .Select(entry => new PodDestination(entry.Value.Server, entry.Value.Ports.ToOrderedList()))
        .ToArray();

    /// <summary>The allowed addresses, ordered by their ports.</summary>
    public IReadOnlyList<AddressDestination> Addresses() => _addresses.Values
        .Where(group => group.Blocks.Count > 0)
        .Select(group => new AddressDestination([.. group.Blocks], group.Ports))
        .ToArray();

    private AddressGroup GroupOf(IReadOnlyList<PolicyPort> ports)
    {
        var set = new PortSet();
        set.Add(ports);
        var ordered = set.ToOrderedList();
        var key = string.Join(',', ordered);
        if (!_addresses.TryGetValue(key, out var group))
        {
            group = new AddressGroup(ordered);
            _addresses.Add(key, group);
        }

        return group;
    }

    private sealed class AddressGroup(IReadOnlyList<PolicyPort> ports)
    {
        public IReadOnlyList<PolicyPort> Ports { get; } = ports;

        public SortedSet<AddressBlock> Blocks { get; } = [];

        /// <summary>Null until it is asked for, which is when all that is declared has been added.</summary>
        public bool? IsEverything { get; set; }
    }
}

/// <summary>Pods that may be called.</summary>
/// <param name="Ports">The pods' ports, in order and each once; empty for every port.</param>
public sealed record PodDestination(PolicySubject Server, IReadOnlyList<PolicyPort> Ports);

/// <summary>Addresses that may be called.</summary>
/// <param name="Blocks">In order and each once.</param>
/// <param name="Ports">In order and each once; empty for every port.</param>
public sealed record AddressDestination(IReadOnlyList<AddressBlock> Blocks, IReadOnlyList<PolicyPort> Ports);
