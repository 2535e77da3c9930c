using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>
/// Decides about a server that is a workload. Declarations about one name may mean workloads of different kinds, so there can be a policy
/// for each kind.
/// </summary>
internal sealed class WorkloadDecision
{
    private readonly ServerInputs _inputs;
    private readonly PlanBuilder _plan;
    private readonly IngressDraft?[] _drafts = new IngressDraft?[WorkloadKindNames.Count];

    // One for each kind that can be asked for, and the last for none: thousands of calls ask the same few questions.
    private readonly ServerMeaning?[] _meanings = new ServerMeaning?[WorkloadKindNames.Count + 1];

    private WorkloadDecision(ServerInputs inputs)
    {
        _inputs = inputs;
        _plan = new PlanBuilder();
    }

    public static PolicyPlan Decide(ServerInputs inputs)
    {
        var decision = new WorkloadDecision(inputs);
        foreach (var protection in inputs.Protections)
        {
            decision.Protect(protection);
        }

        foreach (var call in inputs.Calls)
        {
            decision.Allow(call);
        }

        return decision.Finish();
    }

    private void Protect(ProtectedService protection)
    {
        if (DeclaredProtection.Reference(protection) is not { } wanted)
        {
            _plan.Add(protection, DeclaredProtection.Refusal(protection)!);
            return;
        }

        var meaning = Meaning(wanted.Kind);
        foreach (var draft in meaning.Drafts)
        {
            draft.Claims.Claim(meaning.IsCertain, isProtection: true);
        }

        var refusal = ResolutionText.ServerVerdict(meaning.Resolution, "spec", wanted);
        _plan.Add(protection, refusal ?? OverlapText.On(Verdict.Enforced, Found(meaning)), meaning.Certain?.Claims.WrittenName);
    }

    private void Allow(DeclaredCall call)
    {
        var meaning = Meaning(call.Reference.Kind);
        var blocked = ClientChecks.Blocks(call, out var client);
        var ports = Ports(call.Reference.Ports);
        foreach (var draft in meaning.Drafts)
        {
            draft.Claims.Claim(meaning.IsCertain, isProtection: false);
            if (blocked is null)
            {
                draft.Allow(client!, ports);
            }
        }

        var verdict = meaning.Certain is { } certain
            ? blocked ?? OverlapText.On(certain.Granted(call), Found(meaning), client)
            : ResolutionText.ServerVerdict(meaning.Resolution, call.Field, Wanted(call.Reference.Kind))!;
        _plan.Add(call.Intents, call.TargetIndex, verdict, meaning.Certain?.Claims.WrittenName);
    }

    private PolicyPlan Finish()
    {
        foreach (var draft in _drafts)
        {
            if (draft is not null)
            {
                _plan.Add(draft.Claims, draft.Build());
            }
        }

        return _plan.Build();
    }

    private ServerMeaning Meaning(WorkloadKind? kind)
    {
        ref var meaning = ref _meanings[kind is { } given ? (int)given : WorkloadKindNames.Count];
        if (meaning is null)
        {
            var resolution = WorkloadResolver.Resolve(kind, _inputs.Candidates);
            meaning = new ServerMeaning(resolution, Drafts(resolution));
        }

        return meaning;
    }

    private IngressDraft[] Drafts(WorkloadResolution resolution) => resolution switch
    {
        WorkloadResolution.Found found => [Draft(found.Workload)],
        WorkloadResolution.Ambiguous ambiguous => _inputs.Candidates
            .Where(candidate => ambiguous.Kinds.Contains(candidate.Kind) && !candidate.SelectsEverything)
            .Select(Draft)
            .ToArray(),
        _ => [],
    };

    private IngressDraft Draft(Workload workload) => _drafts[(int)workload.Kind] ??= new IngressDraft(
        new PolicySubject(workload.Kind.Name(), workload.Namespace, workload.Name, workload.PodSelector),
        _inputs);

    private static Workload? Found(ServerMeaning meaning) => (meaning.Resolution as WorkloadResolution.Found)?.Workload;

    private WorkloadReference Wanted(WorkloadKind? kind) => new(_inputs.Key.Namespace, _inputs.Key.Name, kind);

    private static PolicyPort[] Ports(IReadOnlyList<int> ports)
    {
        var result = ports.Count == 0 ? [] : new PolicyPort[ports.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = new PolicyPort(PolicyPort.Tcp, ports[i]);
        }

        return result;
    }
}
