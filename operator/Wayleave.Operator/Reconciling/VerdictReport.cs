using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Reconciling;

/// <summary>Joins what was decided with what could be written.</summary>
internal static class VerdictReport
{
    public static ServerVerdicts Of(ServerInputs inputs, ServerPlan plan, PolicyWrites writes)
    {
        var verdicts = new ServerVerdicts();
        var calls = inputs.Calls.DistinctBy(call => NamespacedName.Of(call.Intents)).ToDictionary(call => NamespacedName.Of(call.Intents), call => Uid(call.Intents));
        foreach (var verdict in plan.Verdicts)
        {
            var final = verdict with { Verdict = writes.RefusalOf(verdict.PolicyName) ?? verdict.Verdict };
            Add(verdicts.Calls, verdict.Intents, calls[verdict.Intents], verdict.Generation, final);
        }

        foreach (var verdict in plan.Protections)
        {
            var protection = inputs.Protections.First(candidate => NamespacedName.Of(candidate) == verdict.Protection);
            var final = verdict with { Verdict = writes.RefusalOf(verdict.PolicyName) ?? verdict.Verdict };
            Add(verdicts.Protections, verdict.Protection, Uid(protection), verdict.Generation, final);
        }

        return verdicts;
    }

    private static void Add<TVerdict>(
        Dictionary<NamespacedName, Judged<TVerdict>> judged, NamespacedName name, string uid, long generation, TVerdict verdict)
    {
        if (judged.TryGetValue(name, out var known))
        {
            known.Verdicts.Add(verdict);
        }
        else
        {
            judged[name] = new Judged<TVerdict>(uid, generation, [verdict]);
        }
    }

    private static string Uid(IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.Uid ?? "";
}
