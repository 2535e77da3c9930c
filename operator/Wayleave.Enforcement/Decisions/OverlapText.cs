using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Says that what is in force for one workload is in force for another's pods too.</summary>
internal static class OverlapText
{
    private const int MaxNamed = 3;

    /// <summary>The verdict with a remark on the workloads it is about that share pods with others; the same verdict when none does.</summary>
    public static Verdict On(Verdict verdict, params ReadOnlySpan<Workload?> workloads)
    {
        foreach (var workload in workloads)
        {
            if (workload is { Overlaps.Count: > 0 })
            {
                var text = Of(workload);
                verdict = verdict with { Overlap = verdict.Overlap is null ? text : $"{verdict.Overlap}; {text}" };
            }
        }

        return verdict;
    }

    private static string Of(Workload workload)
    {
        var others = workload.Overlaps.Select(other => $"{other.Kind.Name()} {QuotedText.Quote(other.Name)}").Order(StringComparer.Ordinal).ToList();
        var named = string.Join(", ", others.Take(MaxNamed));
        var more = others.Count > MaxNamed ? $" and {others.Count - MaxNamed} more" : "";
        return $"the selector of {workload.Kind.Name()} {QuotedText.Quote(workload.Name)} in namespace {QuotedText.Quote(workload.Namespace)}"
            + $" also matches the pods of {named}{more} (give each labels of its own)";
    }
}
