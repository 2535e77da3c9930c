using Wayleave.Benchmarks.Scenarios;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Members;

/// <summary>
/// Measures how long a change takes to reach the hub and a member while another member of the same ClientIntents accepts connections and never
/// responds.
/// </summary>
internal static class IsolationBenchmark
{
    private const int Changes = 200;
    private const string Namespace = "shop";

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(TextWriter output)
    {
        await using var hub = await TestCluster.StartAsync(new ControlPlaneOptions { ExternalKubeconfig = null });
        await using var near = await TestCluster.StartBareAsync();
        await using var hole = await TestCluster.StartBareAsync();
        await using var proxy = TcpProxy.Start(hole.ControlPlane.Server);
        TestCluster[] all = [hub, near, hole];
        await Task.WhenAll(all.Select(PopulateAsync));
        await using var running = await OperatorProcess.StartAsync(hub.ControlPlane.KubeconfigPath, Scenario.NoTelemetry);
        await running.WaitUntilReadyAsync();
        await hub.RegisterMemberAsync("near", near);
        await hub.RegisterMemberAsync("hole", hole, server: proxy.Address);
        await MeasureAsync(hub, near, proxy, output);
        return 0;
    }

    private static async Task MeasureAsync(TestCluster hub, TestCluster near, TcpProxy proxy, TextWriter output)
    {
        var table = new MarkdownTable();
        await using var changes = await SharedChanges.StartAsync(hub, near, Namespace);
        await changes.MeasureAsync(Changes);
        Add(table, "all answer", await changes.MeasureAsync(Changes));
        proxy.Blackhole();
        Add(table, "one does not", await changes.MeasureAsync(Changes));
        await hub.UntilClusterAsync("hole", Api.Reasons.Unreachable);
        Add(table, "one does not, and that is known", await changes.MeasureAsync(Changes));
        proxy.Accept();
        proxy.CutAll();
        await hub.UntilClusterAsync("hole", Api.Reasons.Connected);
        Add(table, "all answer again", await changes.MeasureAsync(Changes));
        await table.WriteAsync(output);
    }

    private static void Add(MarkdownTable table, string when, IReadOnlyList<(string Where, IReadOnlyList<double> Times)> measured)
    {
        foreach (var (where, times) in measured)
        {
            table.Add(
                $"{when}: to the policy in the {where}, ms",
                $"{times[times.Count / 2]:0.0} (median), {times[times.Count * 99 / 100]:0.0} (99th percentile), {times[^1]:0.0} (longest)");
        }
    }

    private static async Task PopulateAsync(TestCluster cluster)
    {
        await cluster.CreateNamespaceAsync(Namespace);
        await cluster.ApplyAsync(Yaml.Workload(Namespace, "cart"));
        await cluster.ApplyAsync(Yaml.Workload(Namespace, "checkout"));
        await MemberClusters.GrantAsync(cluster);
    }
}
