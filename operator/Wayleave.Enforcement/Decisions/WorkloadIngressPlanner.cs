using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>A server name resolved to policies.</summary>
/// <param name="Drafts">One policy, several if the name is ambiguous, the existing ones if the workload is missing, or none.</param>
internal sealed record ResolvedServer(ParsedWorkloadRef Wanted, WorkloadResolution Resolution, IReadOnlyList<IngressRuleBuilder> Drafts)
{
    /// <summary>Whether a policy for the workload would be a policy for the cluster's DNS.</summary>
    public bool IsDns { get; init; }

    public bool IsCertain => Resolution is WorkloadResolution.Found;

    /// <summary>The policy. Null if there is none or several.</summary>
    public IngressRuleBuilder? Certain => IsCertain && Drafts.Count > 0 ? Drafts[0] : null;

    /// <summary>The workload. Null if there is none or several.</summary>
    public Workload? Found => (Resolution as WorkloadResolution.Found)?.Workload;
}

/// <summary>
/// Decides about a server that is a workload. Declarations about one name may mean workloads of different kinds, so there can be a policy
/// for each kind.
/// </summary>
internal sealed class WorkloadIngressPlanner
{
    private readonly ServerInputs _inputs;
    private readonly PolicyPlanBuilder _plan = new();
    private readonly SortedDictionary<string, IngressRuleBuilder> _drafts = new(StringComparer.Ordinal);

    // Cached, because thousands of intents name the same few servers.
    private readonly Dictionary<string, ResolvedServer> _meanings = new(StringComparer.Ordinal);

    private WorkloadIngressPlanner(ServerInputs inputs) => _inputs = inputs;

    public static PolicyPlan Plan(ServerInputs inputs)
    {
        var decision = new WorkloadIngressPlanner(inputs);
        decision.Claim();
        decision.KeepRetained();
        foreach (var protection in inputs.Protections)
        {
            decision.Protect(protection);
        }

        foreach (var call in inputs.Intents)
        {
            decision.Allow(call);
        }

        return decision.Finish();
    }

    // Runs before the results are computed, because the policy depends on all declarations.
    private void Claim()
    {
        foreach (var wanted in _inputs.Protections.Select(static protection => protection.Parse().Workload).OfType<ParsedWorkloadRef>())
        {
            Claim(Meaning(wanted), isProtection: true);
        }

        foreach (var call in _inputs.Intents.Where(call => call.GetIgnoredResult() is null))
        {
            Claim(Meaning(call.Reference.Workload!.Value), isProtection: false);
        }
    }

    private static void Claim(ResolvedServer meaning, bool isProtection)
    {
        foreach (var draft in meaning.Drafts)
        {
            draft.AddDeclaration(meaning.IsCertain, isProtection);
        }
    }

    private void Protect(ProtectedService protection)
    {
        if (protection.Parse().Workload is not { } wanted)
        {
            _plan.Add(protection, protection.Parse().Error!);
            return;
        }

        var meaning = Meaning(wanted);
        foreach (var draft in meaning.Drafts)
        {
            draft.OwnPods &= protection.Parse().AllowsOwnPods;
        }

        // Its policy may stay because of another declaration.
        if (meaning.Found is { AllPodsUseHostNetwork: true } onHosts && Drafted(onHosts.Subject) is { } held)
        {
            held.OwnPods &= protection.Parse().AllowsOwnPods;
        }

        var result = ValidateServer(meaning, "spec.workload")
            ?? ResolutionMessages.AddWarnings(meaning.Certain!.WithWarnings(TargetResult.Enforced), meaning.Found);
        _plan.Add(protection, result, meaning.Certain?.DesiredName);
    }

    private void Allow(IngressIntent call)
    {
        if (call.GetIgnoredResult() is { } ignored)
        {
            _plan.Add(call.Intents, call.Target.Index, ignored, client: call.KnownClient);
            return;
        }

        var meaning = Meaning(call.Reference.Workload!.Value);
        var problem = call.ValidateClient(out var client);
        DeclaredPort? unsupported = null;
        foreach (var draft in meaning.Drafts)
        {
            if (PortResolver
                .Resolve(call.Reference.Ports, draft.SelectedWorkloads, _inputs.Network.SupportsPortRanges, out unsupported) is { } ports)
            {
                draft.Allow(call, client, ports);
            }
        }

        var result = ApplyMode(ValidateServer(meaning, call.Target.Field), meaning)
            ?? ApplyMode(problem, meaning.Certain!)
            ?? PortText.ValidateRange(unsupported, $"{call.Target.Field}.ports")
            ?? ResolutionMessages.AddWarnings(
                PortText.AddUndeclaredPortHint(meaning.Certain!.GetAllowedResult(call), call, meaning), meaning.Found, client);
        _plan.Add(call.Intents, call.Target.Index, result, meaning.Certain?.DesiredName, client);
    }

    // What an invalid declaration contributed before stays, and so does the policy itself.
    private void KeepRetained()
    {
        if (_inputs.RetainedNamespaces.Count == 0)
        {
            return;
        }

        foreach (var subject in _inputs.SubjectsInForce)
        {
            var workload = _inputs.Candidates.Concat(_inputs.LastKnown)
                .FirstOrDefault(known => subject.IsOf(known) && !_inputs.SelectsDns(known.PodSelector));
            var draft = Draft(workload?.Subject ?? subject, workload);
            draft.RetainsExistingRules |= workload is null;
            draft.AddDeclaration(isCertain: false);
        }
    }

    private PolicyPlan Finish()
    {
        foreach (var draft in _drafts.Values)
        {
            _plan.Add(draft);
        }

        return _plan.Build();
    }

    // Why the server cannot be enforced as declared; null when it can.
    private TargetResult? ValidateServer(ResolvedServer meaning, string field) => meaning switch
    {
        { IsDns: true } => IngressPlanner.ClusterDns,
        { Found: { AnyPodUsesHostNetwork: true } workload } => HostNetwork(workload, field),
        _ =>
            ResolutionMessages.ServerResult(
                meaning.Resolution, field, meaning.Wanted, _inputs.LastKnown, meaning.Drafts.Any(draft => draft.IsInForce)),
    };

    // A server that is a Job without an object will be enforced when it is created, unless nothing is written in this mode.
    private TargetResult? ApplyMode(TargetResult? unusable, ResolvedServer meaning) =>
        unusable is { State: TargetStateNames.Enforced }
            && _inputs.Settings.Mode != EnforcementMode.Enforce
            && !IsProtected(meaning.Wanted)
            ? TargetResult.Shadow
            : unusable;

    private bool IsProtected(ParsedWorkloadRef wanted) =>
        _inputs.Protections.Select(static protection => protection.Parse().Workload).Any(protection =>
        protection is { Selector: null } && (protection.Value.Kind is null || wanted.Kind is null || protection.Value.Kind == wanted.Kind));

    // A client that is a Job that does not exist yet counts as enforced only if the server's policy is.
    internal static TargetResult? ApplyMode(TargetResult? problem, IngressRuleBuilder draft) =>
        problem is { State: TargetStateNames.Enforced } && !draft.IsDesired ? TargetResult.Shadow : problem;

    private static TargetResult HostNetwork(Workload server, string field) => TargetResult.Failed(
        Reasons.HostNetwork,
        $"{field}.name: {(server.AllPodsUseHostNetwork ? "" : "some of ")}the Pods of {TextSanitizer.Quote(server.DeclaredName)} use the host network, where no NetworkPolicy protects"
            + " them; restrict the port on the nodes, or run the Pods without hostNetwork");

    private ResolvedServer Meaning(ParsedWorkloadRef wanted)
    {
        var key = wanted.Selector is { } selector ? SelectedPods.GetName(wanted.Name, selector) : wanted.Kind?.Name() ?? "";
        if (!_meanings.TryGetValue(key, out var meaning))
        {
            var resolution = WorkloadResolver.Resolve(wanted, _inputs.Candidates);
            meaning = new ResolvedServer(wanted, resolution, Drafts(wanted, resolution))
            {
                IsDns = resolution is WorkloadResolution.Found found && _inputs.SelectsDns(found.Workload.PodSelector),
            };
            _meanings.Add(key, meaning);
        }

        return meaning;
    }

    private List<IngressRuleBuilder> Drafts(ParsedWorkloadRef wanted, WorkloadResolution resolution) =>
        _inputs.FindSubjects(wanted, resolution)
            .Select(meant =>
            {
                var draft = Draft(meant.Subject, meant.Workload);
                draft.RetainsExistingRules |= meant.Workload is null;
                return draft;
            })
            .ToList();

    private IngressRuleBuilder? Drafted(PolicySubject subject) =>
        _drafts.GetValueOrDefault(PolicyName.For(subject.Kind, subject.Name, PolicyDirection.Ingress));

    private IngressRuleBuilder Draft(PolicySubject subject, Workload? workload)
    {
        var name = PolicyName.For(subject.Kind, subject.Name, PolicyDirection.Ingress);
        if (!_drafts.TryGetValue(name, out var draft))
        {
            draft = new IngressRuleBuilder(subject, workload?.SelectedWorkloads ?? [], _inputs);
            _drafts.Add(name, draft);
        }

        return draft;
    }
}
