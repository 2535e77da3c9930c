using System.Text.Json;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;
using Wayleave.Operator.Tests.Meaning.Oracles;
using Wayleave.Testing.Semantics;

namespace Wayleave.Operator.Tests.Meaning;

/// <summary>Holds what the policies mean against what the declarations say, for every client, server and port.</summary>
internal static class Comparison
{
    private const int MostShown = 6;

    private static readonly Door[] _doors = [Door.Tcp(8080), Door.Tcp(9090), Door.Tcp(9100), Door.Tcp(80), Door.Tcp(53), Door.Udp(53), Door.Udp(8080)];

    /// <summary>The first few connections that are open and should not be, or the other way round; null when there are none.</summary>
    public static string? Differences(ClusterView view, IngressOracle declared, Tally tally)
    {
        tally.Policies += view.Policies.Count;
        var written = new Reachability(view.Namespaces, view.Policies);
        var wrong = new List<string>();
        foreach (var server in view.Pods)
        {
            var admissions = declared.Admissions(server);
            foreach (var client in view.Pods)
            {
                wrong.AddRange(
                    from door in _doors
                    let should = Oracle.MayReach(client, server, door, admissions)
                    where Count(tally, should, admissions is not null) != written.MayReach(client, server, door)
                    select $"{client} {(should ? "may not" : "may")} call {server} at {door}");
            }
        }

        return wrong.Count == 0 ? null : $"{string.Join("; ", wrong.Take(MostShown))}; {wrong.Count} in all\n{Text(view.Policies)}";
    }

    private static bool Count(Tally tally, bool isLetIn, bool isClosed)
    {
        tally.Triples++;
        tally.Closed += isClosed ? 1 : 0;
        tally.LetIn += isClosed && isLetIn ? 1 : 0;
        return isLetIn;
    }

    private static string Text(IEnumerable<V1NetworkPolicy> policies) => string.Concat(policies.Select(policy =>
        $"    {policy.Metadata.NamespaceProperty}/{policy.Metadata.Name} {JsonSerializer.Serialize(policy.Spec!, KubernetesJson.Default.V1NetworkPolicySpec)}\n"));
}
