using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Clusters;

/// <summary>Gathers what was decided about a declaration in all the clusters that it is meant for.</summary>
internal sealed class ClusterVerdicts(ClusterDirectory directory)
{
    /// <summary>
    /// Null while a cluster that can be worked in has not decided on this very spec, or has not been read yet: there will be a call again when
    /// that is over. What an earlier process said stands until then.
    /// </summary>
    public List<CallVerdict>? Of(ClientIntents intents)
    {
        // Nothing is decided about a spec that is invalid while an earlier one stays in force.
        var all = new List<CallVerdict>();
        if (RetainedDeclarations.IsRetained(intents))
        {
            // Nothing is decided on an invalid spec: what is in force is that of an earlier generation.
            return all;
        }

        foreach (var cluster in directory.Of(intents.Spec.Clusters))
        {
            if (cluster.IsNew)
            {
                return null;
            }

            if (cluster.Obstacle is { } obstacle)
            {
                var verdict = Named(cluster.Name, obstacle);
                all.AddRange(Enumerable.Range(0, intents.Spec.Targets.Count)
                    .Select(index => new CallVerdict(NamespacedName.Of(intents), intents.Metadata.Generation ?? 0, index, verdict, PolicyName: null)
                    {
                        Cluster = cluster.Name,
                    }));
            }
            else if (Judged(intents, cluster.Board!) is { } judged)
            {
                all.AddRange(judged.Select(call => call with { Verdict = Named(cluster.Name, call.Verdict), Cluster = cluster.Name }));
            }
            else
            {
                return null;
            }
        }

        return all;
    }

    /// <summary>One verdict for each cluster, by the same rule.</summary>
    public List<ProtectionVerdict>? Of(ProtectedService protection)
    {
        var all = new List<ProtectionVerdict>();
        foreach (var cluster in directory.Of(DeclaredProtection.Clusters(protection)))
        {
            if (cluster.IsNew)
            {
                return null;
            }

            var verdict = cluster.Obstacle is { } obstacle
                ? new ProtectionVerdict(NamespacedName.Of(protection), protection.Metadata.Generation ?? 0, obstacle, PolicyName: null)
                : Judged(protection, cluster.Board!);
            if (verdict is not { } known)
            {
                return null;
            }

            all.Add(known with { Verdict = Named(cluster.Name, known.Verdict) });
        }

        return all;
    }

    // What is said of the local cluster needs no name: mostly there is no other.
    private static Verdict Named(string cluster, Verdict verdict) =>
        cluster is ClusterRules.Local or "" || verdict.Message is null ? verdict : verdict with { Message = $"cluster {cluster}: {verdict.Message}" };

    /// <summary>What a verdict is awaited from: each server, and the client.</summary>
    public static IEnumerable<SubjectKey> Subjects(ClientIntents intents)
    {
        var servers = DeclaredTargets.Servers(intents);
        return DeclaredClient.Client(intents) is { } client ? servers.Append(client) : servers;
    }

    private static List<CallVerdict>? Judged(ClientIntents intents, VerdictBoard board)
    {
        var name = NamespacedName.Of(intents);
        var verdicts = new List<CallVerdict>();
        foreach (var subject in Subjects(intents))
        {
            var judged = board.Of(subject).Calls.GetValueOrDefault(name);
            if (judged?.Uid != intents.Metadata.Uid || judged?.Generation != (intents.Metadata.Generation ?? 0))
            {
                return null;
            }

            verdicts.AddRange(judged.Verdicts);
        }

        return verdicts;
    }

    private static ProtectionVerdict? Judged(ProtectedService protection, VerdictBoard board) =>
        DeclaredProtection.Server(protection) is { } server
        && board.Of(server).Protections.GetValueOrDefault(NamespacedName.Of(protection)) is { Verdicts: [var verdict, ..] } judged
        && judged.Uid == protection.Metadata.Uid && judged.Generation == (protection.Metadata.Generation ?? 0)
            ? verdict
            : null;
}
