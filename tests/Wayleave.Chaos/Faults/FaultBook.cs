namespace Wayleave.Chaos.Faults;

/// <summary>Draws faults at random and counts them.</summary>
internal sealed class FaultBook
{
    private readonly Random _random;
    private readonly IReadOnlyList<Func<Fault>> _makers;
    private readonly List<Func<Fault>> _remaining = [];

    public FaultBook(World world, Random random)
    {
        _random = random;
        _makers = [.. new ProcessFaults(world, random).Makers, .. new ControlPlaneFaults(world, random).Makers, .. new NetworkFaults(world, random).Makers];
    }

    /// <summary>The number of times that each fault was drawn.</summary>
    public SortedDictionary<string, int> Struck { get; } = new(StringComparer.Ordinal);

    /// <summary>Draws up to this number of faults; a fault that comes alone is the only one. No fault repeats before all have been drawn.</summary>
    public IReadOnlyList<Fault> Draw(int count)
    {
        var drawn = new List<Fault>();
        while (drawn.Count < count && !drawn.Exists(fault => fault.ComesAlone))
        {
            var fault = Next();
            if (drawn.Count > 0 && fault.ComesAlone)
            {
                break;
            }

            drawn.Add(fault);
            _remaining.RemoveAt(_remaining.Count - 1);
            Struck[fault.Name] = Struck.GetValueOrDefault(fault.Name) + 1;
        }

        return drawn;
    }

    private Fault Next()
    {
        if (_remaining.Count == 0)
        {
            _remaining.AddRange(_makers);
            _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_remaining));
        }

        return _remaining[^1]();
    }
}
