namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Repeatable random choices.</summary>
internal sealed class Dice
{
    private readonly Random _random;
    private readonly int _narrowness;

    public Dice(int seed)
    {
        _random = new Random(seed);
        _narrowness = Pick([0, 0, 40, 70]);
    }

#pragma warning disable CA5394 // Nothing here is a secret.
    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Number(int least, int most) => _random.Next(least, most + 1);
#pragma warning restore CA5394

    /// <summary>Picks a name. In some scenarios it is usually the first one, so that most objects are about one server.</summary>
    public string Name(IReadOnlyList<string> from) => Chance(_narrowness) ? from[0] : Pick(from);

    public bool Chance(int percent) => Number(1, 100) <= percent;

    public T Pick<T>(IReadOnlyList<T> from) => from[Number(0, from.Count - 1)];

    /// <summary>Picks each item with the same probability.</summary>
    public List<T> Some<T>(IEnumerable<T> from, int percent) => [.. from.Where(_ => Chance(percent))];

    public List<T> Many<T>(int least, int most, Func<T> make) => [.. Enumerable.Range(0, Number(least, most)).Select(_ => make())];
}
