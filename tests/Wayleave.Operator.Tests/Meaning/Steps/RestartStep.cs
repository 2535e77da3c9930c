using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>The operator stops, edits are made, and a new one starts.</summary>
/// <param name="Defaults">Options of the new one. Null for those of the old one.</param>
internal sealed record RestartStep(EditList Edits, Defaults? Defaults) : Step
{
    public override bool IsPlain => IsQuiet;

    public override bool IsQuiet => Edits.Count == 0 && Defaults is null;

    public override IEnumerable<Step> Smaller => SmallerLists(Edits).Select(edits => this with { Edits = edits });

    public override async Task TakeAsync(Stage stage)
    {
        await stage.StopAsync();
        Edits.Make(stage.Cluster.User);
        await stage.StartAsync(Defaults ?? stage.Defaults);
    }

    public override string ToString() => $"restart{(Defaults is null ? "" : $" in {Defaults}")}{(Edits.Count == 0 ? "" : " and meanwhile:")}{Edits}";
}
