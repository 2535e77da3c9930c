using Wayleave.Testing.Meaning;

namespace Wayleave.Chaos.Checks;

/// <summary>What the policies mean is what the declarations say.</summary>
internal sealed class MeaningCheck(World world) : Check
{
    private readonly Tally _tally = new();
    private readonly Oracle _oracle = new();

    public override string Name => "connections that policies let through as declared";

    public override async Task<string?> ProblemAsync()
    {
        var view = await Snapshot.ViewAsync(world);
        var before = _tally.Triples;
        var wrong = new Comparison(view, _oracle.Look(view, isPlain: false), _tally).Differences();
        Count += wrong is null ? _tally.Triples - before : 0;
        return wrong;
    }
}
