using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Plans the egress policies of one client. The plan does not depend on the order of the inputs.</summary>
public sealed class EgressPlanner
{
    private readonly ClientInputs _inputs;
    private readonly PolicyPlanBuilder _plan = new();
    private readonly SortedDictionary<string, EgressRuleBuilder> _drafts = new(StringComparer.Ordinal);

    private EgressPlanner(ClientInputs inputs) => _inputs = inputs;

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
        return WhyNotConsidered(inputs) is { } result ? Unrestricted(inputs, live, result) : new EgressPlanner(inputs).Restrict(live);
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
        var plan = new PolicyPlanBuilder();
        foreach (var target in targets.Where(IsOutside))
        {
            plan.Add(target.Intents, target.Target.Index, result);
        }

        plan.Retain(result.State == TargetStateNames.Pending ? inputs.ExistingPolicies : []);
        return plan.Build();
    }

    // The server decides about targets in the cluster. Targets outside have no server side.
    private static bool IsOutside(EgressIntent target) => target.Destination is Destination.ToInternet;

    private PolicyPlan Restrict(List<EgressIntent> targets)
    {
        foreach (var (target, result, draft) in targets.ConvertAll(Open))
        {
            if (result is not null)
            {
                _plan.Add(target.Intents, target.Target.Index, WithRemark(target, result, draft), draft?.DesiredName);
            }
        }

        KeepRetained();
        foreach (var draft in _drafts.Values)
        {
            _plan.Add(draft);
        }

        return _plan.Build();
    }

    // The draft is null if the client is ambiguous. The result is null if the server's policy decides.
    private (EgressIntent Target, TargetResult? Result, EgressRuleBuilder? Draft) Open(EgressIntent target)
    {
        var client = WorkloadResolver.Resolve(target.Client, _inputs.Candidates);
        if (client is WorkloadResolution.Found { Workload: { AllPodsUseHostNetwork: true } workload })
        {
            return (target, HostNetwork(workload), null);
        }

        if (client is WorkloadResolution.Found { Workload.PodSelector: var pods } && _inputs.SelectsDns(pods))
        {
            return (target, IsOutside(target) ? TargetResult.Disabled(Reasons.ClusterDns) : null, null);
        }

        var meant = _inputs.FindSubjects(target.Client, client).Select(subject => GetOrAddDraft(subject.Subject)).ToList();
        TargetResult? result = null;
        foreach (var draft in meant)
        {
            draft.AddDeclaration(isCertain: client is WorkloadResolution.Found);
            result = DestinationPlanner.Allow(target, draft);
        }

        result = InMode(ResolutionMessages.ClientResult(client, target.Intents, LastKnown(target.Client)))
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
    private TargetResult? InMode(TargetResult? result) =>
        result is { State: TargetStateNames.Enforced } && _inputs.Settings.Mode != EnforcementMode.Enforce ? TargetResult.Shadow : result;

    // The one whose policy stays in force.
    private Workload? LastKnown(ParsedWorkloadRef wanted)
    {
        var inForce = _inputs.SubjectsInForce.Select(subject => subject.Kind).ToHashSet(StringComparer.Ordinal);
        var known = _inputs.LastKnown
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
    private void KeepRetained()
    {
        if (!_inputs.IsRetained && !_inputs.HasRetainedNeighbor)
        {
            return;
        }

        foreach (var subject in _inputs.SubjectsInForce)
        {
            var draft = GetOrAddDraft(subject);
            draft.AddDeclaration(isCertain: false);
            draft.RetainsExistingRules = true;
        }
    }

    private EgressRuleBuilder GetOrAddDraft(PolicySubject subject)
    {
        var name = PolicyName.For(subject.Kind, subject.Name, PolicyDirection.Egress);
        if (!_drafts.TryGetValue(name, out var draft))
        {
            draft = new EgressRuleBuilder(subject, _inputs);
            _drafts.Add(name, draft);
        }

        return draft;
    }
}
