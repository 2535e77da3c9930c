using Wayleave.Api;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Says what was found, and what to do about it, of a name that did not lead to just one workload.</summary>
internal static class ResolutionText
{
    /// <summary>Null when a server was found.</summary>
    public static Verdict? ServerVerdict(WorkloadResolution resolution, string field, WorkloadReference wanted) =>
        VerdictOf(resolution, field, wanted, Reasons.WorkloadNotFound);

    /// <summary>Null when a client was found.</summary>
    public static Verdict? ClientVerdict(WorkloadResolution resolution, WorkloadRef wanted, string @namespace)
    {
        if (resolution is WorkloadResolution.Found)
        {
            return null;
        }

        var kind = WorkloadKindNames.TryParse(wanted.Kind, out var parsed) ? parsed : (WorkloadKind?)null;
        return VerdictOf(resolution, "spec.workload", new WorkloadReference(@namespace, wanted.Name, kind), Reasons.ClientNotFound);
    }

    private static Verdict? VerdictOf(WorkloadResolution found, string field, WorkloadReference wanted, string notFound) => found switch
    {
        WorkloadResolution.Found => null,
        WorkloadResolution.NotFound missing => Verdict.Pending(notFound, NotFound(missing, field, wanted)),
        WorkloadResolution.Ambiguous ambiguous => Verdict.Failed(
            Reasons.AmbiguousWorkload,
            $"{field}.kind: {Place(wanted)} is {WorkloadKindNames.Enumerate(ambiguous.Kinds)} (say which)"),
        WorkloadResolution.EmptySelector empty => Verdict.Failed(
            Reasons.EmptySelector,
            $"{field}.name: the {empty.Workload.Kind.Name()} {Place(wanted)} selects every pod (give it a selector or labels of its own)"),
        _ => throw new InvalidOperationException($"{found.GetType().Name} is unknown."),
    };

    private static string NotFound(WorkloadResolution.NotFound missing, string field, WorkloadReference wanted)
    {
        if (wanted.Kind is not { } kind)
        {
            return missing.OtherKinds.Count == 0
                ? $"{field}.name: there is no workload {Place(wanted)} (create it, or correct the name)"
                : $"{field}.kind: {Place(wanted)} is {WorkloadKindNames.Enumerate(missing.OtherKinds)} of another workload"
                    + " (name that one, or set kind)";
        }

        return missing.OtherKinds.Count == 0
            ? $"{field}.name: there is no {kind.Name()} {Place(wanted)} (create it, or correct the name)"
            : $"{field}.kind: {Place(wanted)} is {WorkloadKindNames.Enumerate(missing.OtherKinds)}, not a {kind.Name()} (correct it)";
    }

    private static string Place(WorkloadReference wanted) =>
        $"{QuotedText.Quote(wanted.Name)} in namespace {QuotedText.Quote(wanted.Namespace)}";
}
