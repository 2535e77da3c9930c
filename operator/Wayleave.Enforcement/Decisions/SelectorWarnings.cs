using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Warnings about the labels by which the Pods of a workload are found.</summary>
internal static class SelectorWarnings
{
    private const int MaxNamed = 3;

    /// <summary>The result with warnings on the workloads that it is about; the same result when there is nothing to warn of.</summary>
    public static TargetResult AddWarnings(TargetResult result, params ReadOnlySpan<Workload?> workloads)
    {
        List<Warning>? warnings = null;
        foreach (var workload in workloads)
        {
            if (workload is { Overlaps.Count: > 0 })
            {
                (warnings ??= []).Add(new Warning(ConditionTypes.SelectorOverlap, Reasons.SelectorOverlap, DescribeOverlap(workload)));
            }

            if (workload is { HasUnstableLabels: true })
            {
                (warnings ??= []).Add(new Warning(ConditionTypes.UnstableLabels, Reasons.UnstableLabels, Unstable(workload)));
            }
        }

        return warnings is null ? result : result.With(warnings);
    }

    private static string Unstable(Workload workload) =>
        $"the Pods of {workload.Kind.Name()} {TextSanitizer.Quote(workload.DeclaredName)} in namespace {TextSanitizer.Quote(workload.Namespace)} are identified only by"
            + " labels that change with its version or run; give them a label of their own in the Pod template";

    private static string DescribeOverlap(Workload workload)
    {
        var others = workload.Overlaps.Select(
            other => $"{other.Kind.Name()} {TextSanitizer.Quote(other.Name)}").Order(StringComparer.Ordinal).ToList();
        var named = string.Join(", ", others.Take(MaxNamed));
        var more = others.Count > MaxNamed ? $" and {others.Count - MaxNamed} more" : "";
        return $"the selector of {workload.Kind.Name()} {TextSanitizer.Quote(workload.DeclaredName)} in namespace {TextSanitizer.Quote(workload.Namespace)}"
            + $" also matches the Pods of {named}{more}; give each labels of its own";
    }
}
