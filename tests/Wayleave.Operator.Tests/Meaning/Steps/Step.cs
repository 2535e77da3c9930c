using Wayleave.Operator.Tests.Meaning.Running;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>A step between two checks of the cluster.</summary>
internal abstract record Step
{
    /// <summary>False if the states in between depend on timing.</summary>
    public abstract bool IsPlain { get; }

    /// <summary>True if the operator has nothing to write after it.</summary>
    public virtual bool IsQuiet => false;

    /// <summary>Smaller steps of the same kind, to try in its place when a scenario failed.</summary>
    public virtual IEnumerable<Step> Smaller => [];

    public abstract Task TakeAsync(Stage stage);

    /// <summary>All lists in which one edit is removed or replaced by a smaller one.</summary>
    protected static IEnumerable<EditList> SmallerLists(EditList edits)
    {
        for (var i = 0; i < edits.Count; i++)
        {
            yield return edits.Without(i);
            foreach (var smaller in edits[i].Smaller)
            {
                yield return edits.With(i, smaller);
            }
        }
    }
}
