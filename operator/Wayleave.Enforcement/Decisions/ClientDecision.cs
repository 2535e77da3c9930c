using Wayleave.Api;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Decides whom one client may call. The same inputs in whatever order give the same plan.</summary>
public static class ClientDecision
{
    /// <summary>
    /// A client that declares anything that can be enforced gets a policy where its namespace restricts egress, even when none of its targets
    /// can be reached yet: the declaration is what closes the rest. A declaration whose object is being deleted no longer counts.
    /// </summary>
    public static PolicyPlan Decide(ClientInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var live = inputs.Targets.Where(target => target.Intents.Metadata.DeletionTimestamp is null).ToList();
        return WhyNotConsidered(inputs) is { } verdict ? Unrestricted(live, verdict) : Restricted(inputs, live);
    }

    private static Verdict? WhyNotConsidered(ClientInputs inputs)
    {
        if (inputs.Rule.Mode.Mode == EnforcementMode.Off)
        {
            return Verdict.Off(inputs.Rule.Mode.Reason);
        }

        if (!inputs.Rule.Egress)
        {
            return Verdict.Off(Reasons.EgressNotRestricted);
        }

        return inputs.NamespaceExists
            ? null
            : Verdict.Pending(Reasons.NamespaceNotFound, $"metadata.namespace: namespace {QuotedText.Quote(inputs.Key.Namespace)} is going or gone");
    }

    // What is in the cluster is judged by its server; what is outside has nobody else to say that it may be reached.
    private static PolicyPlan Unrestricted(List<DeclaredEgress> targets, Verdict verdict)
    {
        var plan = new PlanBuilder();
        foreach (var target in targets)
        {
            if (target.Destination is Destination.ToInternet)
            {
                plan.Add(target.Intents, target.TargetIndex, verdict);
            }
        }

        return plan.Build();
    }

    private static PolicyPlan Restricted(ClientInputs inputs, List<DeclaredEgress> targets)
    {
        var plan = new PlanBuilder();
        var drafts = new Dictionary<WorkloadKind, EgressDraft>();
        foreach (var (target, verdict, draft) in targets.ConvertAll(target => Open(target, inputs, drafts)))
        {
            plan.Add(target.Intents, target.TargetIndex, WithRemark(target, verdict, draft), draft?.Claims.WrittenName);
        }

        foreach (var (_, draft) in drafts.OrderBy(entry => entry.Key))
        {
            plan.Add(draft.Claims, draft.Build());
        }

        return plan.Build();
    }

    // The draft is null where the client is not certain.
    private static (DeclaredEgress Target, Verdict Verdict, EgressDraft? Draft) Open(
        DeclaredEgress target, ClientInputs inputs, Dictionary<WorkloadKind, EgressDraft> drafts)
    {
        var client = WorkloadResolver.Resolve(target.ClientKind, inputs.Candidates);
        var meant = Drafts(client, inputs, drafts);
        Verdict? verdict = null;
        foreach (var draft in meant)
        {
            draft.Claims.Claim(isCertain: client is WorkloadResolution.Found);
            verdict = DestinationDecision.Open(target, draft);
        }

        verdict = ResolutionText.ClientVerdict(client, target.Intents.Spec.Workload, inputs.Key.Namespace) ?? verdict!;
        return (target, verdict, meant.Count == 1 ? meant[0] : null);
    }

    // What targets add up to is known only when all of them have been opened.
    private static Verdict WithRemark(DeclaredEgress target, Verdict verdict, EgressDraft? draft) =>
        draft is not null && verdict.Reason == Reasons.Enforced && target.Destination is Destination.ToInternet internet
        && InternetDestination.JointRemark(internet, target.Field, draft) is { } remark
            ? remark with { Addresses = verdict.Addresses }
            : verdict;

    private static List<EgressDraft> Drafts(WorkloadResolution client, ClientInputs inputs, Dictionary<WorkloadKind, EgressDraft> drafts)
    {
        var meant = client switch
        {
            WorkloadResolution.Found found => [found.Workload],
            WorkloadResolution.Ambiguous ambiguous =>
                inputs.Candidates.Where(candidate => ambiguous.Kinds.Contains(candidate.Kind) && !candidate.SelectsEverything),
            _ => Enumerable.Empty<Workload>(),
        };
        return meant.Select(workload => DraftOf(workload)).ToList();

        EgressDraft DraftOf(Workload workload)
        {
            if (!drafts.TryGetValue(workload.Kind, out var draft))
            {
                draft = new EgressDraft(workload, inputs);
                drafts.Add(workload.Kind, draft);
            }

            return draft;
        }
    }
}
