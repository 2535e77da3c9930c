using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;

namespace Wayleave.Operator.Reconciling;

/// <summary>Combines the plan with the results of the writes.</summary>
internal static class PolicyResultsBuilder
{
    public static PolicyResults BuildForServer(ServerInputs inputs, PolicyPlan plan, PolicyWriteResult writes)
    {
        var results = BuildForIntents(inputs.Intents.Select(call => call.Intents), plan, writes);
        foreach (var result in plan.ProtectionResults)
        {
            var protection = inputs.Protections.First(candidate => NamespacedName.From(candidate) == result.Protection);
            var final = result with { Result = writes.FindRejection(result.PolicyName) ?? result.Result };
            results.Add(result.Protection, new Judged<ProtectionResult>(Uid(protection), result.Generation, [final]));
        }

        return results;
    }

    /// <summary>Includes declarations without results, because their status waits for them.</summary>
    public static PolicyResults BuildForClient(IReadOnlyList<ClientIntents> declarations, PolicyPlan plan, PolicyWriteResult writes)
    {
        var results = BuildForIntents(declarations, plan, writes);
        foreach (var intents in declarations)
        {
            results.Calls.TryAdd(
                NamespacedName.From(intents), new Judged<IntentResult>(Uid(intents), intents.Metadata.Generation ?? 0, []));
        }

        return results;
    }

    private static PolicyResults BuildForIntents(IEnumerable<ClientIntents> declarations, PolicyPlan plan, PolicyWriteResult writes)
    {
        var results = new PolicyResults
        {
            ShadowedPolicies = plan.ShadowPolicies.Count,
            Policies = writes.Policies.ToArray(),
            Owners = writes.Owners,
        };
        var uids = declarations.DistinctBy(NamespacedName.From).ToDictionary(NamespacedName.From, Uid);
        foreach (var result in plan.IntentResults)
        {
            var final = result with { Result = writes.FindRejection(result.PolicyName) ?? result.Result };
            if (results.Calls.TryGetValue(result.Intents, out var known))
            {
                known.Results.Add(final);
            }
            else
            {
                results.Calls[result.Intents] = new Judged<IntentResult>(uids[result.Intents], result.Generation, [final]);
            }
        }

        return results;
    }

    private static string Uid(IKubernetesObject<V1ObjectMeta> entity) => entity.Metadata.Uid ?? "";
}
