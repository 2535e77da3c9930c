using Wayleave.Operator.Tests.Meaning.Running;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>Several edits at once.</summary>
internal sealed record BurstStep(EditList Edits) : Step
{
    public override bool IsPlain => false;

    public override IEnumerable<Step> Smaller => SmallerLists(Edits).Select(edits => new BurstStep(edits));

    public override Task TakeAsync(Stage stage)
    {
        Edits.Make(stage.Cluster.User);
        return Task.CompletedTask;
    }

    public override string ToString() => $"all at once:{Edits}";
}
