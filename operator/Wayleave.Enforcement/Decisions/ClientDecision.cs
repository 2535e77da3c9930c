using Wayleave.Api;
using Wayleave.Enforcement.Policies;
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
        return WhyNotConsidered(inputs) is { } verdict ? Unrestricted(inputs, live, verdict) : Restricted(inputs, live);
    }

    private static Verdict? WhyNotConsidered(ClientInputs inputs)
    {
        if (inputs.Rule.Mode.Mode == EnforcementMode.Disabled)
        {
            return Verdict.Disabled(inputs.Rule.Mode.Reason);
        }

        if (!inputs.Rule.Egress)
        {
            return Verdict.Disabled(Reasons.EgressNotRestricted);
        }

        if (inputs.Network.IsDns(inputs.Key.Namespace, null, inputs.Candidates.Select(candidate => candidate.PodLabels)))
        {
            return Verdict.Disabled(Reasons.ClusterDns);
        }

        return inputs.NamespaceExists
            ? null
            : Verdict.Pending(
                Reasons.NamespaceNotFound,
                $"metadata.namespace: there is no namespace {QuotedText.Quote(inputs.Key.Namespace)}, or it is being deleted");
    }

    // What is in the cluster is judged by its server; what is outside has nobody else to say that it may be reached.
    private static PolicyPlan Unrestricted(ClientInputs inputs, List<DeclaredEgress> targets, Verdict verdict)
    {
        var plan = new PlanBuilder();
        foreach (var target in targets)
        {
            if (target.Destination is Destination.ToInternet)
            {
                plan.Add(target.Intents, target.TargetIndex, verdict);
            }
        }

        return verdict.State == TargetStates.Pending ? plan.Build() with { Held = inputs.Existing } : plan.Build();
    }

    private static PolicyPlan Restricted(ClientInputs inputs, List<DeclaredEgress> targets)
    {
        var plan = new PlanBuilder();
        var drafts = new SortedDictionary<string, EgressDraft>(StringComparer.Ordinal);
        foreach (var (target, verdict, draft) in targets.ConvertAll(target => Open(target, inputs, drafts)))
        {
            plan.Add(target.Intents, target.TargetIndex, WithRemark(target, verdict, draft), draft?.Claims.WrittenName);
        }

        KeepRetained(inputs, targets, drafts);
        foreach (var draft in drafts.Values)
        {
            plan.Add(draft.Claims, draft.Build());
        }

        return plan.Build();
    }

    // The draft is null where the client is not certain.
    private static (DeclaredEgress Target, Verdict Verdict, EgressDraft? Draft) Open(
        DeclaredEgress target, ClientInputs inputs, SortedDictionary<string, EgressDraft> drafts)
    {
        var client = WorkloadResolver.Resolve(target.Client, inputs.Candidates);
        if (client is WorkloadResolution.Found { Workload: { HostNetwork: true } workload })
        {
            return (target, HostNetwork(workload), null);
        }

        var meant = Drafts(client, target.Client, inputs, drafts);
        Verdict? verdict = null;
        foreach (var draft in meant)
        {
            draft.Claims.Claim(isCertain: client is WorkloadResolution.Found);
            verdict = DestinationDecision.Open(target, draft);
        }

        var lastKnown = inputs.LastKnown.Count > 0 ? inputs.LastKnown[0] : null;
        verdict = ResolutionText.ClientVerdict(client, target.Intents, target.TargetIndex, lastKnown) ?? verdict!;
        return (target, verdict, client is WorkloadResolution.Found ? meant[0] : null);
    }

    // What targets add up to is known only when all of them have been opened.
    private static Verdict WithRemark(DeclaredEgress target, Verdict verdict, EgressDraft? draft) =>
        draft is not null && verdict.Reason == Reasons.Enforced && target.Destination is Destination.ToInternet internet
        && InternetDestination.JointRemark(internet, target.Field, draft) is { } remark
            ? remark with { Addresses = verdict.Addresses }
            : verdict;

    private static Verdict HostNetwork(Workload client) => Verdict.Failed(
        Reasons.HostNetwork,
        $"spec.workload: the Pods of {QuotedText.Quote(client.Name)} use the host network, whose egress no NetworkPolicy restricts; remove the declaration,"
            + " or run the Pods without hostNetwork");

    // What an invalid declaration contributed before stays, and so does the policy itself.
    private static void KeepRetained(ClientInputs inputs, List<DeclaredEgress> targets, SortedDictionary<string, EgressDraft> drafts)
    {
        if (!inputs.IsRetained && !(inputs.HasRetainedNeighbor && targets.Count == 0))
        {
            return;
        }

        foreach (var subject in inputs.Existing.Select(PolicyOwnership.PodsOf).OfType<PolicySubject>())
        {
            var draft = DraftOf(subject, inputs, drafts);
            draft.Claims.Claim(isCertain: false);
            draft.KeepsRules = true;
        }
    }

    private static List<EgressDraft> Drafts(
        WorkloadResolution client, WorkloadReference wanted, ClientInputs inputs, SortedDictionary<string, EgressDraft> drafts)
    {
        var subjects = client switch
        {
            WorkloadResolution.Found found => [found.Workload.Subject],
            WorkloadResolution.Ambiguous ambiguous => inputs.Candidates
                .Where(candidate => ambiguous.Kinds.Contains(candidate.Kind) && !candidate.SelectsEverything)
                .Select(candidate => candidate.Subject),

            // The client is missing, and its Pods may still run: its policy stays, and goes on to change with its targets.
            _ => inputs.Existing
                .Select(PolicyOwnership.PodsOf)
                .OfType<PolicySubject>()
                .Where(subject => wanted.Kind is { } kind ? subject.Kind == kind.Name() : subject.Kind != WorkloadKindNames.Pods),
        };
        return subjects.Select(subject => DraftOf(subject, inputs, drafts)).ToList();
    }

    private static EgressDraft DraftOf(PolicySubject subject, ClientInputs inputs, SortedDictionary<string, EgressDraft> drafts)
    {
        var name = PolicyName.For(subject.Kind, subject.Name, PolicyDirection.Egress);
        if (!drafts.TryGetValue(name, out var draft))
        {
            draft = new EgressDraft(subject, inputs);
            drafts.Add(name, draft);
        }

        return draft;
    }
}
