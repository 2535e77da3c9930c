using Wayleave.Enforcement.Internet;

namespace Wayleave.Enforcement.Policies;

/// <summary>Merges the addresses that a client's targets allow, by their ports. Not thread-safe.</summary>
internal sealed class AddressSet
{
    private readonly SortedDictionary<string, AddressGroup> _groups = new(StringComparer.Ordinal);

    /// <summary>How many blocks of addresses there are, counted once for each group of ports.</summary>
    public int BlockCount { get; private set; }

    /// <summary>The groups that have addresses, ordered by their ports.</summary>
    public IEnumerable<AddressGroup> Groups => _groups.Values.Where(group => group.Blocks.Count > 0);

    /// <summary>Allows addresses, on every port if <paramref name="ports"/> is empty.</summary>
    public void Allow(IEnumerable<AddressBlock> blocks, IReadOnlyList<PolicyPort> ports)
    {
        var group = GroupOf(ports);
        foreach (var block in blocks)
        {
            BlockCount += group.Blocks.Add(block) ? 1 : 0;
        }
    }

    /// <summary>How many blocks <see cref="Allow"/> would add.</summary>
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
        var all = group.Blocks.Concat(_groups.GetValueOrDefault("")?.Blocks ?? []);
        group.IsEverything ??= AddressCoverage.IncludesAFamily(all);
        return group.IsEverything.Value && blocks.Any(block => !all.Any(other => other != block && other.Includes(block)));
    }

    private AddressGroup GroupOf(IReadOnlyList<PolicyPort> ports)
    {
        var ordered = PortSet.Order(ports);
        var key = string.Join(',', ordered);
        if (!_groups.TryGetValue(key, out var group))
        {
            group = new AddressGroup(ordered);
            _groups.Add(key, group);
        }

        return group;
    }
}

/// <summary>Addresses that may be called.</summary>
/// <param name="ports">In order and each once; empty for every port.</param>
internal sealed class AddressGroup(IReadOnlyList<PolicyPort> ports)
{
    public IReadOnlyList<PolicyPort> Ports { get; } = ports;

    public SortedSet<AddressBlock> Blocks { get; } = new(AddressBlock.Order);

    /// <summary>Null until it is asked for, which is when all that is declared has been added.</summary>
    public bool? IsEverything { get; set; }
}
