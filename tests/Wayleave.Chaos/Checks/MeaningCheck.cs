using Wayleave.Testing.Meaning;

namespace Wayleave.Chaos.Checks;

/// <summary>Checks that the policies allow exactly what the declarations say.</summary>
internal sealed class MeaningCheck(World world) : Check
{
    private readonly Tally _tally = new();
    private readonly Oracle _oracle = new();

    public override string Name => "connections that policies let through as declared";

    public override async Task<string?> ProblemAsync()
    {
        var view = await Snapshot.ViewAsync(world, _oracle.Past);
        var before = _tally.Connections;
        var wrong = new Comparison(_oracle.Look(view, new StepNature(IsPlain: false, IsRestart: true)), _tally).Differences();
        Count += wrong is null ? _tally.Connections - before : 0;
        return wrong;
    }
}
