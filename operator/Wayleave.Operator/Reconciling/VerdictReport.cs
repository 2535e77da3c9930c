using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Reconciling;

/// <summary>Joins what was decided with what could be written.</summary>
internal static class VerdictReport
{
    public static SubjectVerdicts OfServer(ServerInputs inputs, PolicyPlan plan, PolicyWrites writes)
    {
        var verdicts = OfCalls(inputs.Calls.Select(call => call.Intents), plan, writes);
        foreach (var verdict in plan.Protections)
        {
            var protection = inputs.Protections.First(candidate => NamespacedName.Of(candidate) == verdict.Protection);
            var final = verdict with { Verdict = writes.RefusalOf(verdict.PolicyName) ?? verdict.Verdict };
            verdicts.Add(verdict.Protection, new Judged<ProtectionVerdict>(Uid(protection), verdict.Generation, [final]));
        }

        return verdicts;
    }

    /// <summary>A declaration about which its client has nothing to say is judged too: its status waits for that.</summary>
    public static SubjectVerdicts OfClient(IReadOnlyList<ClientIntents> declarations, PolicyPlan plan, PolicyWrites writes)
    {
        var verdicts = OfCalls(declarations, plan, writes);
        foreach (var intents in declarations)
        {
            verdicts.Calls.TryAdd(NamespacedName.Of(intents), new Judged<CallVerdict>(Uid(intents), intents.Metadata.Generation ?? 0, []));
        }

        return verdicts;
    }

    private static SubjectVerdicts OfCalls(IEnumerable<ClientIntents> declarations, PolicyPlan plan, PolicyWrites writes)
    {
        var verdicts = new SubjectVerdicts { ShadowedPolicies = plan.Shadowed.Count, Policies = writes.Policies.ToArray(), Owners = writes.Owners };
        var uids = declarations.DistinctBy(NamespacedName.Of).ToDictionary(NamespacedName.Of, Uid);
        foreach (var verdict in plan.Verdicts)
        {
            var final = verdict with { Verdict = writes.RefusalOf(verdict.PolicyName) ?? verdict.Verdict };
            if (verdicts.Calls.TryGetValue(verdict.Intents, out var known))
            {
                known.Verdicts.Add(final);
            }
            else
            {
                verdicts.Calls[verdict.Intents] = new Judged<CallVerdict>(uids[verdict.Intents], verdict.Generation, [final]);
            }
        }

        return verdicts;
    }

    private static string Uid(IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.Uid ?? "";
}
