using Wayleave.Api;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Status;

/// <summary>Collects the overlaps that verdicts tell of, each once. Not thread-safe.</summary>
internal sealed class OverlapWarning
{
    private const int MaxMessage = 1024;
    private SortedSet<string>? _overlaps;

    public void Add(Verdict verdict)
    {
        if (verdict.Overlap is { } overlap)
        {
            (_overlaps ??= new SortedSet<string>(StringComparer.Ordinal)).Add(overlap);
        }
    }

    /// <summary>One warning, or none.</summary>
    public Warning[] ToWarnings() => _overlaps is null
        ? []
        : [new Warning(ConditionTypes.SelectorOverlap, Reasons.SelectorOverlap, QuotedText.Bound(string.Join("; ", _overlaps), MaxMessage))];
}
