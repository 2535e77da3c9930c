using Wayleave.Operator.Tests.Meaning.Running;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>One edit.</summary>
internal sealed record EditStep(Edit Edit) : Step
{
    public override bool IsPlain => !Edit.IsDrift;

    public override IEnumerable<Step> Smaller => Edit.Smaller.Select(edit => new EditStep(edit));

    public override Task TakeAsync(Stage stage)
    {
        Edit.Make(stage.Cluster.User);
        return Task.CompletedTask;
    }

    public override string ToString() => $"{Edit}";
}
