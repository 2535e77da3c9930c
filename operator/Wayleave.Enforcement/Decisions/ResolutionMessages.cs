using System.Diagnostics.CodeAnalysis;
using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>
/// Results for names that do not resolve to exactly one workload, and warnings about the labels by which the Pods of a workload are found.
/// </summary>
internal static class ResolutionMessages
{
    private const int MaxNamed = 3;

    /// <summary>The result if the name does not mean exactly one server. Null if it does.</summary>
    /// <param name="wanted">The workload as the declaration names it.</param>
    /// <param name="lastKnown">Workloads of the name that do not exist now.</param>
    /// <param name="isKept">Whether an existing policy of the server stays in force.</param>
    public static TargetResult? ServerResult(
        WorkloadResolution resolution, string field, ParsedWorkloadRef wanted, IReadOnlyList<Workload> lastKnown, bool isKept)
    {
        if (IsJob(resolution, wanted, lastKnown))
        {
            return NoJob(field, wanted, "the policy is written when the Job is created");
        }

        return WithKept(ResultOf(resolution, field, wanted, Reasons.WorkloadNotFound), isKept);
    }

    /// <summary>Says in the message whether the policy in force stays.</summary>
    [return: NotNullIfNotNull(nameof(result))]
    public static TargetResult? WithKept(TargetResult? result, bool isKept) =>
        result is null || !isKept ? result : result with { Message = $"{result.Message}; the policy in force stays" };

    /// <summary>The result if the name does not mean exactly one client. Null if it does.</summary>
    public static TargetResult? ClientResult(WorkloadResolution resolution, ClientIntents intents, Workload? lastKnown)
    {
        var wanted = WorkloadValidator.ToParsedRef(intents.Metadata.NamespaceProperty, intents.Spec.Workload);
        if (IsJob(resolution, wanted, lastKnown is null ? [] : [lastKnown]))
        {
            return NoJob("spec.workload", wanted, "calls are allowed when the Job is created");
        }

        var result = ResultOf(resolution, "spec.workload", wanted, Reasons.ClientNotFound);
        return result is null || lastKnown is null || resolution is not WorkloadResolution.NotFound
            ? result
            : result with { Message = $"{result.Message}; Pods with its last known labels stay allowed" };
    }

    // A Job is deleted after it ran and may be created again. A missing Job does not make the object not ready.
    private static bool IsJob(WorkloadResolution resolution, ParsedWorkloadRef wanted, IReadOnlyList<Workload> lastKnown) =>
        resolution is WorkloadResolution.NotFound
        && (wanted.Kind == WorkloadKind.Job || (wanted.Kind is null && lastKnown is [{ Kind: WorkloadKind.Job }]));

    private static TargetResult NoJob(string field, ParsedWorkloadRef wanted, string then) => new(
        TargetStateNames.Enforced, Reasons.JobNotFound, $"{field}.name: there is no Job {Place(wanted)} now; {then}");

    private static TargetResult? ResultOf(WorkloadResolution found, string field, ParsedWorkloadRef wanted, string notFound) => found switch
    {
        WorkloadResolution.Found => null,
        WorkloadResolution.NotFound missing => TargetResult.Pending(notFound, NotFound(missing, field, wanted)),
        WorkloadResolution.Ambiguous ambiguous => TargetResult.Failed(
            Reasons.AmbiguousWorkload,
            $"{field}.kind: more than one workload is named {Place(wanted)}: {WorkloadKindParser.Describe(ambiguous.Kinds)}; set kind"),
        WorkloadResolution.EmptySelector empty => TargetResult.Failed(
            Reasons.EmptySelector,
            $"{field}.name: the {empty.Workload.Kind.Name()} {Place(wanted)} selects every Pod of the namespace; give its Pods labels of their own"),
        _ => throw new InvalidOperationException($"{found.GetType().Name} is unknown."),
    };

    private static string NotFound(WorkloadResolution.NotFound missing, string field, ParsedWorkloadRef wanted)
    {
        if (wanted.Kind is not { } kind)
        {
            return missing.OtherKinds.Count == 0
                ? $"{field}.name: no workload is named {Place(wanted)}; create it, correct the name, or name Pods of another controller with {field}.selector"
                : $"{field}.kind: {Place(wanted)} is {WorkloadKindParser.Describe(missing.OtherKinds)} of another workload; name that one, or set kind";
        }

        if (missing.OtherKinds.Count > 0)
        {
            return $"{field}.kind: {Place(wanted)} is {WorkloadKindParser.Describe(missing.OtherKinds)}, not a {kind.Name()}; correct the kind";
        }

        // Objects with an owner are not cached: there are thousands, and each rollout replaces them.
        return kind is WorkloadKind.ReplicaSet or WorkloadKind.Pod or WorkloadKind.Job
            ? $"{field}.name: no {kind.Name()} without an owner is named {Place(wanted)}; create it, name the workload that owns it, or name the Pods"
                + $" with {field}.selector"
            : $"{field}.name: no {kind.Name()} is named {Place(wanted)}; create it, or correct the name";
    }

    private static string Place(ParsedWorkloadRef wanted) =>
        $"{TextSanitizer.Quote(wanted.Name)} in namespace {TextSanitizer.Quote(wanted.Namespace)}";

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
