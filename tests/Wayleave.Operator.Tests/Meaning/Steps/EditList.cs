using System.Collections.Immutable;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>A sequence of edits.</summary>
internal sealed class EditList(IEnumerable<Edit> edits)
{
    private readonly ImmutableArray<Edit> _edits = [.. edits];

    public int Count => _edits.Length;

    public Edit this[int index] => _edits[index];

    public EditList Without(int index) => new(_edits.RemoveAt(index));

    public EditList With(int index, Edit edit) => new(_edits.SetItem(index, edit));

    public void Make(Wayleave.Testing.Kubernetes.FakeUser user)
    {
        foreach (var edit in _edits)
        {
            edit.Make(user);
        }
    }

    public override string ToString() => string.Concat(_edits.Select(edit => $"\n      {edit}"));
}
