using System.Diagnostics;
using System.Net;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Xunit.Abstractions;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class LargeInputTests(SharedCluster shared, ITestOutputHelper output) : EnforcementTest(shared)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Enforces_and_removes_a_thousand_targets_of_one_resource()
    {
        var many = await NewNamespaceWithAsync("client");
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        var names = Enumerable.Range(0, 1000).Select(number => $"server-{number}").ToList();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (name, token) =>
            await Cluster.ApplyAsync(Yaml.Workload(many, name, "ReplicaSet"), token));

        var started = Stopwatch.GetTimestamp();
        await ApplyAsync(Yaml.Intents(many, "client", Targets(names)));
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        output.WriteLine($"a neighbour's change: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        var intents = await Cluster.UntilEnforcedAsync(many, "client");
        output.WriteLine($"a thousand policies: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        intents.Status!.Enforced.ShouldBe("1000/1000");
        (await Cluster.PolicyNamesAsync(many)).Count.ShouldBe(1000);

        started = Stopwatch.GetTimestamp();
        await Cluster.DeleteAsync(Yaml.Intents(many, "client", "[]"));
        await Poll.UntilAsync("all policies to be gone", async token => (await Cluster.PolicyNamesAsync(many, token)).Count, left => left == 0, Patience, CancellationToken.None);
        output.WriteLine($"gone again: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
    }

    [Fact]
    public async Task Rejects_more_than_a_thousand_targets()
    {
        var shop = await NewNamespaceAsync();
        var refused = await Should.ThrowAsync<HttpRequestException>(
            () => ApplyAsync(Yaml.Intents(shop, "client", Targets(Enumerable.Range(0, 1001).Select(number => $"server-{number}")))));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Message.ShouldContain("spec.targets");
    }

    [Fact]
    public async Task Deleting_declarations_during_a_reconcile_leaves_no_policy_and_logs_no_problem()
    {
        var shop = await NewNamespaceWithAsync("checkout");
        var names = Enumerable.Range(0, 20).Select(number => $"server-{number}").ToList();
        await ApplyAsync([.. names.Select(name => Yaml.Workload(shop, name, "ReplicaSet"))]);
        for (var round = 0; round < 10; round++)
        {
            await ApplyAsync(Yaml.Intents(shop, "checkout", Targets(names), $"round-{round}"), Yaml.Protection(shop, names[round]));
            await Cluster.DeleteAsync(Yaml.Intents(shop, "checkout", "[]", $"round-{round}"));
            await Cluster.DeleteAsync(Yaml.Protection(shop, names[round]));
        }

        await ApplyAsync(Yaml.Intents(shop, "checkout", Targets(names[..1]), "marker"));
        await Cluster.UntilEnforcedAsync(shop, "marker");
        await Cluster.UntilPoliciesAsync(shop, ClusterExpectations.PolicyName(names[0], "replicaset"));
        Operator.Log.Where(line => line.Contains($"\"{shop}\"", StringComparison.Ordinal) && !line.Contains("\"Information\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Targets(IEnumerable<string> names) => $"[{string.Join(", ", names.Select(name => $"{{kubernetes: {{name: {name}}}}}"))}]";
}
