namespace Wayleave.Chaos.Faults;

/// <summary>Draws faults at random, and keeps count.</summary>
internal sealed class FaultBook
{
    private readonly Random _random;
    private readonly IReadOnlyList<Func<Fault>> _makers;
    private readonly List<Func<Fault>> _hat = [];

    public FaultBook(World world, Random random)
    {
        _random = random;
        _makers = [.. new ProcessFaults(world, random).Makers, .. new ControlPlaneFaults(world, random).Makers, .. new NetworkFaults(world, random).Makers];
    }

    /// <summary>How often each kind struck.</summary>
    public SortedDictionary<string, int> Struck { get; } = new(StringComparer.Ordinal);

    /// <summary>So many, or one if that comes alone. No kind comes a second time before all have come.</summary>
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
            _hat.RemoveAt(_hat.Count - 1);
            Struck[fault.Name] = Struck.GetValueOrDefault(fault.Name) + 1;
        }

        return drawn;
    }

    private Fault Next()
    {
        if (_hat.Count == 0)
        {
            _hat.AddRange(_makers);
            _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_hat));
        }

        return _hat[^1]();
    }
}
