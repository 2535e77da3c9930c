using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Clusters;

/// <summary>Collects the results of a declaration in all clusters that it selects.</summary>
internal sealed class ClusterResultCollector(ClusterSelectionResolver directory)
{
    /// <summary>
    /// Null while a usable cluster has no result for this generation, or has not synced. The object is enqueued again then. The status
    /// stays as it is until then.
    /// </summary>
    public List<IntentResult>? Collect(ClientIntents intents)
    {
        var all = new List<IntentResult>();
        if (intents.Parse().IsRetained)
        {
            // The current spec is invalid and an earlier generation stays in force, so there are no results for this one.
            return all;
        }

        foreach (var cluster in directory.Resolve(intents.Spec.Clusters))
        {
            if (cluster.IsNew)
            {
                return null;
            }

            if (cluster.Unavailable is { } obstacle)
            {
                var result = Named(cluster.Name, obstacle);
                all.AddRange(Enumerable.Range(0, intents.Spec.Targets.Count)
                    .Select(index => new IntentResult(
                        NamespacedName.From(intents), intents.Metadata.Generation ?? 0, index, result, PolicyName: null)
                    {
                        Cluster = cluster.Name,
                    }));
            }
            else if (Judged(intents, cluster.Results!) is { } judged)
            {
                all.AddRange(judged.Select(call => call with { Result = Named(cluster.Name, call.Result), Cluster = cluster.Name }));
            }
            else
            {
                return null;
            }
        }

        return all;
    }

    /// <summary>One result for each cluster. Null in the same cases as for a ClientIntents.</summary>
    public List<ProtectionResult>? Collect(ProtectedService protection)
    {
        var all = new List<ProtectionResult>();
        foreach (var cluster in directory.Resolve(protection.Parse().Clusters))
        {
            if (cluster.IsNew)
            {
                return null;
            }

            var result = cluster.Unavailable is { } obstacle
                ? new ProtectionResult(NamespacedName.From(protection), protection.Metadata.Generation ?? 0, obstacle, PolicyName: null)
                : Judged(protection, cluster.Results!);
            if (result is not { } known)
            {
                return null;
            }

            all.Add(known with { Result = Named(cluster.Name, known.Result) });
        }

        return all;
    }

    // Results of the local cluster need no prefix.
    private static TargetResult Named(string cluster, TargetResult result) =>
        cluster is ClusterSelectionMatcher.Local or "" || result.Message is null
            ? result
            : result with { Message = $"cluster {cluster}: {result.Message}" };

    /// <summary>The keys whose results make up the status: each server and the client.</summary>
    public static IEnumerable<PolicyKey> GetPolicyKeys(ClientIntents intents)
    {
        var servers = intents.Parse().Servers;
        return intents.Parse().ClientKey is { } client ? servers.Append(client) : servers;
    }

    private static List<IntentResult>? Judged(ClientIntents intents, ResultStore store)
    {
        var name = NamespacedName.From(intents);
        var results = new List<IntentResult>();
        foreach (var subject in GetPolicyKeys(intents))
        {
            var judged = store.Get(subject).Calls.GetValueOrDefault(name);
            if (judged?.Uid != intents.Metadata.Uid || judged?.Generation != (intents.Metadata.Generation ?? 0))
            {
                return null;
            }

            results.AddRange(judged.Results);
        }

        return results;
    }

    private static ProtectionResult? Judged(ProtectedService protection, ResultStore store) =>
        protection.Parse().Server is { } server
        && store.Get(server).Protections.GetValueOrDefault(NamespacedName.From(protection)) is { Results: [var result, ..] } judged
        && judged.Uid == protection.Metadata.Uid && judged.Generation == (protection.Metadata.Generation ?? 0)
            ? result
            : null;
}
