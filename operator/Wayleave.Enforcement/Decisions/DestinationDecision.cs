using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Opens a client's way to one of its targets, as far as it can be found.</summary>
internal static class DestinationDecision
{
    /// <summary>The verdict on the target, if the client's policy can be written.</summary>
    public static Verdict Open(DeclaredEgress target, EgressDraft draft)
    {
        var problem = target.Destination switch
        {
            Destination.ToWorkload workload => Open(workload, target.Field, draft),
            Destination.ToService service => ServiceDestination.Open(service, target.Field, draft),
            Destination.ToInternet internet => InternetDestination.Open(internet, target.Field, draft),
            _ => throw new InvalidOperationException($"{target.Destination.GetType().Name} is unknown."),
        };
        if (problem is not null && problem.State != TargetStates.Enforced)
        {
            return problem;
        }

        return draft.Claims.IsWritten ? problem ?? Granted(target.Destination) : Verdict.Shadow with { Addresses = problem?.Addresses ?? [] };
    }

    /// <summary>Whether a rule can match the pods of a namespace; null when it can.</summary>
    public static Verdict? NamespaceProblem(NamespaceState state, string field, SubjectKey server) => state switch
    {
        NamespaceState.Labelled => null,
        NamespaceState.Unwatched => ServerDecision.NotWatched($"{field}.name", server),
        NamespaceState.Missing => Verdict.Pending(
            Reasons.NamespaceNotFound,
            $"{field}.name: there is no namespace {QuotedText.Quote(server.Namespace)} (create it, or correct the name)"),
        _ => Verdict.Failed(
            Reasons.NamespaceLabelMissing,
            $"{field}.name: namespace \"{server.Namespace}\" cannot be selected by name"
                + $" (label it {WayleaveLabels.NamespaceName}={server.Namespace})"),
    };

    private static Verdict Granted(Destination destination) =>
        destination is Destination.ToWorkload { Reference.HasHttpPaths: true } ? Verdict.EnforcedWithoutPaths : Verdict.Enforced;

    // A name that could mean several workloads opens the way to each: it closes nothing, and each server still decides for itself.
    private static Verdict? Open(Destination.ToWorkload target, string field, EgressDraft draft)
    {
        var server = target.Reference.Server;
        var found = WorkloadResolver.Resolve(target.Reference.Kind, target.Candidates);
        var meant = found switch
        {
            WorkloadResolution.Found one => [one.Workload],
            WorkloadResolution.Ambiguous several =>
                target.Candidates.Where(candidate => several.Kinds.Contains(candidate.Kind) && !candidate.SelectsEverything),
            _ => Enumerable.Empty<Workload>(),
        };
        var ports = target.Reference.Ports.Select(port => new PolicyPort(PolicyPort.Tcp, port)).ToArray();
        foreach (var workload in meant)
        {
            draft.Destinations.Allow(new PolicySubject(workload.Kind.Name(), workload.Namespace, workload.Name, workload.PodSelector), ports);
        }

        return NamespaceProblem(target.Namespace, field, server)
            ?? ResolutionText.ServerVerdict(found, field, new WorkloadReference(server.Namespace, server.Name, target.Reference.Kind));
    }
}
