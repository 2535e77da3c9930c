using Wayleave.Operator.Tests.Meaning.Running;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>What happens between two moments in which everything has to be right.</summary>
internal abstract record Step
{
    /// <summary>False when what was in between depends on who was quicker.</summary>
    public abstract bool IsPlain { get; }

    /// <summary>True when it gives the operator nothing to write.</summary>
    public virtual bool IsQuiet => false;

    /// <summary>Steps that do less of the same, to try in its place when something failed.</summary>
    public virtual IEnumerable<Step> Smaller => [];

    public abstract Task TakeAsync(Stage stage);

    /// <summary>Every list that lacks one of the edits, or has a smaller one in its place.</summary>
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
