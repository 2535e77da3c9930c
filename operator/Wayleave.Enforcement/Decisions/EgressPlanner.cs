using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Plans the egress policies of one client. The plan does not depend on the order of the inputs.</summary>
public static class EgressPlanner
{
    /// <summary>
    /// If the namespace restricts egress, a client with an enforceable declaration gets a policy even while none of its targets can be
    /// allowed yet. Objects that are being deleted are ignored.
    /// </summary>
    public static PolicyPlan Plan(ClientInputs inputs)
    {
        // In a fixed order, so that a policy that reaches a limit always contains the same targets.
        var live = inputs.Targets
            .Where(target => target.Intents.Metadata.DeletionTimestamp is null)
            .OrderBy(target => target.Intents.Metadata.Name, StringComparer.Ordinal)
            .ThenBy(target => target.Target.Index)
            .ToList();
        return WhyNotConsidered(inputs) is { } result ? Unrestricted(inputs, live, result) : Restricted(inputs, live);
    }

    private static TargetResult? WhyNotConsidered(ClientInputs inputs)
    {
        if (inputs.Settings.Mode == EnforcementMode.Disabled)
        {
            return TargetResult.Disabled(inputs.Settings.ModeReason);
        }

        if (!inputs.Settings.RestrictsEgress)
        {
            return TargetResult.Disabled(Reasons.EgressNotRestricted);
        }

        return inputs.NamespaceExists
            ? null
            : TargetResult.Pending(
                Reasons.NamespaceNotFound,
                $"metadata.namespace: there is no namespace {TextSanitizer.Quote(inputs.Key.Namespace)}, or it is being deleted");
    }

    private static PolicyPlan Unrestricted(ClientInputs inputs, List<EgressIntent> targets, TargetResult result)
    {
        var plan = new PolicyPlan();
        targets.ForEach(target => AddOutside(plan, target, result));
        plan.Retain(result.State == TargetStates.Pending ? inputs.ExistingPolicies : []);
        return plan;
    }

    private static PolicyPlan Restricted(ClientInputs inputs, List<EgressIntent> targets)
    {
        var plan = new PolicyPlan();
        var drafts = new SortedDictionary<string, EgressRuleBuilder>(StringComparer.Ordinal);
        foreach (var (target, result, draft) in targets.ConvertAll(target => Open(target, inputs, drafts)))
        {
            if (result is not null)
            {
                plan.Add(target.Intents, target.Target.Index, WithRemark(target, result, draft), draft?.DesiredName);
            }
        }

        KeepRetained(inputs, drafts);
        foreach (var draft in drafts.Values)
        {
            plan.Add(draft);
        }

        return plan;
    }

    // The server decides about targets in the cluster. Targets outside have no server side.
    private static void AddOutside(PolicyPlan plan, EgressIntent target, TargetResult result)
    {
        if (target.Destination is Destination.ToInternet)
        {
            plan.Add(target.Intents, target.Target.Index, result);
        }
    }

    // The draft is null if the client is ambiguous. The result is null if the server's policy decides.
    private static (EgressIntent Target, TargetResult? Result, EgressRuleBuilder? Draft) Open(
        EgressIntent target, ClientInputs inputs, SortedDictionary<string, EgressRuleBuilder> drafts)
    {
        var client = WorkloadResolver.Resolve(target.Client, inputs.Candidates);
        if (client is WorkloadResolution.Found { Workload: { AllPodsUseHostNetwork: true } workload })
        {
            return (target, HostNetwork(workload), null);
        }

        if (client is WorkloadResolution.Found { Workload.PodSelector: var pods } && inputs.SelectsDns(pods))
        {
            // The server decides about targets in the cluster. Targets outside have no server side.
            return (target, target.Destination is Destination.ToInternet ? TargetResult.Disabled(Reasons.ClusterDns) : null, null);
        }

        var meant = Drafts(client, target.Client, inputs, drafts);
        TargetResult? result = null;
        foreach (var draft in meant)
        {
            draft.AddDeclaration(isCertain: client is WorkloadResolution.Found);
            result = DestinationPlanner.Allow(target, draft);
        }

        result = InMode(WorkloadMessages.ClientResult(client, target.Intents, LastKnown(target.Client, inputs)), inputs)
            ?? ValidatePartialHostNetwork(client)
            ?? result!;
        return (target, result, client is WorkloadResolution.Found ? meant[0] : null);
    }

    // Whether all targets together allow every address is known only after all of them were added.
    private static TargetResult WithRemark(EgressIntent target, TargetResult result, EgressRuleBuilder? draft) =>
        draft is not null && result.Reason == Reasons.Enforced && target.Destination is Destination.ToInternet internet
        && new InternetDestinationPlanner(internet, target.Target.Field, draft).GetCombinedWarning() is { } remark
            ? remark.WithAddressesOf(result)
            : result;

    // A Job that does not exist yet counts as enforced only in mode Enforce.
    private static TargetResult? InMode(TargetResult? result, ClientInputs inputs) =>
        result is { State: TargetStates.Enforced } && inputs.Settings.Mode != EnforcementMode.Enforce ? TargetResult.Shadow : result;

    // The one whose policy stays in force.
    private static Workload? LastKnown(ParsedWorkloadRef wanted, ClientInputs inputs)
    {
        var inForce = inputs.SubjectsInForce.Select(subject => subject.Kind).ToHashSet(StringComparer.Ordinal);
        var known = inputs.LastKnown
            .Where(workload => (wanted.Kind is null || workload.Kind == wanted.Kind) && inForce.Contains(workload.Kind.Name()))
            .ToList();
        return known.Count == 1 ? known[0] : null;
    }

    private static TargetResult? ValidatePartialHostNetwork(WorkloadResolution client) =>
        client is WorkloadResolution.Found { Workload: { AnyPodUsesHostNetwork: true } workload } ? HostNetwork(workload) : null;

    private static TargetResult HostNetwork(Workload client) => TargetResult.Failed(
        Reasons.HostNetwork,
        $"spec.workload: {(client.AllPodsUseHostNetwork ? "" : "some of ")}the Pods of {TextSanitizer.Quote(client.DeclaredName)} use the host network, whose egress no NetworkPolicy"
            + " restricts; remove the declaration, or run the Pods without hostNetwork");

    // Rules that an invalid declaration contributed earlier stay, and so does the policy. The earlier generation may have named another
    // client.
    private static void KeepRetained(ClientInputs inputs, SortedDictionary<string, EgressRuleBuilder> drafts)
    {
        if (!inputs.IsRetained && !inputs.HasRetainedNeighbor)
        {
            return;
        }

        foreach (var subject in inputs.SubjectsInForce)
        {
            var draft = GetOrAddDraft(subject, inputs, drafts);
            draft.AddDeclaration(isCertain: false);
            draft.RetainsExistingRules = true;
        }
    }

    private static List<EgressRuleBuilder> Drafts(
        WorkloadResolution client, ParsedWorkloadRef wanted, ClientInputs inputs, SortedDictionary<string, EgressRuleBuilder> drafts)
    {
        var subjects = client switch
        {
            WorkloadResolution.Found found => [found.Workload.Subject],
            WorkloadResolution.Ambiguous ambiguous => inputs.Candidates
                .Where(candidate =>
                ambiguous.Kinds.Contains(candidate.Kind) && !candidate.SelectsEverything && !inputs.SelectsDns(candidate.PodSelector))
                .Select(candidate => candidate.Subject),

            // The client does not exist, but its Pods may still run. Its policy stays and follows its targets.
            _ => inputs.SubjectsInForce
                .Where(subject => wanted.Kind is { } kind ? subject.Kind == kind.Name() : subject.Kind != WorkloadKindParser.Pods)
                .Where(subject => client is not WorkloadResolution.NotFound
                    || !inputs.Candidates.Any(known => known.Kind.Name() == subject.Kind && known.Name == subject.Name))

                // Another writer may have changed the Pod selector of the policy.
                .Select(subject => inputs.LastKnown.FirstOrDefault(known => known.Kind.Name() == subject.Kind)?.Subject ?? subject),
        };
        return subjects.Select(subject => GetOrAddDraft(subject, inputs, drafts)).ToList();
    }

    private static EgressRuleBuilder GetOrAddDraft(
        PolicySubject subject, ClientInputs inputs, SortedDictionary<string, EgressRuleBuilder> drafts)
    {
        var name = PolicyName.For(subject.Kind, subject.Name, PolicyDirection.Egress);
        if (!drafts.TryGetValue(name, out var draft))
        {
            draft = new EgressRuleBuilder(subject, inputs);
            drafts.Add(name, draft);
        }

        return draft;
    }
}
