using Wayleave.Enforcement;
using Wayleave.Operator.Tests.Meaning.Running;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>The operator stops, things happen, and another one starts.</summary>
/// <param name="Mode">The mode of the new one; null for the same.</param>
internal sealed record RestartStep(EditList Edits, EnforcementMode? Mode) : Step
{
    public override bool IsPlain => IsQuiet;

    public override bool IsQuiet => Edits.Count == 0 && Mode is null;

    public override IEnumerable<Step> Smaller => SmallerLists(Edits).Select(edits => this with { Edits = edits });

    public override async Task TakeAsync(Stage stage)
    {
        await stage.StopAsync();
        Edits.Make(stage.Cluster.User);
        await stage.StartAsync(Mode ?? stage.Mode);
    }

    public override string ToString() => $"restart{(Mode is null ? "" : $" in mode {Mode}")}{(Edits.Count == 0 ? "" : " and meanwhile:")}{Edits}";
}
