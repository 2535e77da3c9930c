using Wayleave.Operator.Tests.Meaning.Running;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>The API server ends all watches while edits are made.</summary>
/// <param name="Forgets">Whether the old versions expire too, so that everything is relisted.</param>
internal sealed record LostWatchesStep(EditList Edits, bool Forgets) : Step
{
    public override bool IsPlain => false;

    public override bool IsQuiet => Edits.Count == 0;

    public override IEnumerable<Step> Smaller => SmallerLists(Edits).Select(edits => this with { Edits = edits });

    public override Task TakeAsync(Stage stage)
    {
        stage.Cluster.EndWatches(forget: false);
        Edits.Make(stage.Cluster.User);
        if (Forgets)
        {
            stage.Cluster.EndWatches(forget: true);
        }

        return Task.CompletedTask;
    }

    public override string ToString() => $"the watches end{(Forgets ? " and cannot be resumed" : "")}, and meanwhile:{Edits}";
}
