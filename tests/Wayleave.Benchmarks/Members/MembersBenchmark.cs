using System.Diagnostics;
using Wayleave.Benchmarks.Scenarios;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Members;

/// <summary>Measures the cost of ten member clusters, empty and with a thousand workloads of a usual size in each.</summary>
internal static class MembersBenchmark
{
    private const int Members = 10;
    private const int Workloads = 1000;
    private const double Megabyte = 1024 * 1024;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(TextWriter output)
    {
        await using var hub = await TestCluster.StartAsync(new ControlPlaneOptions { ExternalKubeconfig = null });
        List<TestCluster> members = [];
        try
        {
            var table = new MarkdownTable();
            await MeasureAsync(hub, members, table, output);
            await table.WriteAsync(output);
            return 0;
        }
        finally
        {
            await Task.WhenAll(members.Select(member => member.DisposeAsync().AsTask()));
        }
    }

    private static async Task MeasureAsync(TestCluster hub, List<TestCluster> members, MarkdownTable table, TextWriter output)
    {
        await using (var first = await OperatorProcess.StartAsync(hub.ControlPlane.KubeconfigPath, Scenario.NoTelemetry))
        {
            await first.WaitUntilReadyAsync();
            await AddAsync(table, first, "no members", new OperatorCost());
            await output.WriteLineAsync($"{Members} members ...");
            await AddAsync(table, first, $"{Members} empty members registered", await JoinAsync(hub, members, first));
            await output.WriteLineAsync($"{Workloads} Deployments in each ...");
            await AddAsync(table, first, $"{Workloads} Deployments in each", await DeployAsync(members, first));
            await output.WriteLineAsync($"{Workloads} ClientIntents for all ...");
            var started = Stopwatch.GetTimestamp();
            var cost = await DeclareAsync(hub, first);
            table.Add($"{Workloads} ClientIntents for all members: all policies and statuses written after", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
            await AddAsync(table, first, $"{Workloads} ClientIntents for all members", cost);
            var before = await OperatorCost.ReadAsync(first);
            await Task.Delay(Minute);
            await AddAsync(table, first, "a minute in which nothing happens", await OperatorCost.ReadAsync(first) - before);
            await first.StopAsync();
        }

        await using var second = await OperatorProcess.StartAsync(hub.ControlPlane.KubeconfigPath, Scenario.NoTelemetry);
        await second.WaitUntilReadyAsync();
        await AddAsync(table, second, "restarted, all correct", await OperatorCost.SettledAsync(second, readsCount: false));
    }

    private static async Task<OperatorCost> JoinAsync(TestCluster hub, List<TestCluster> members, OperatorProcess running)
    {
        var before = await OperatorCost.ReadAsync(running);
        for (var i = 0; i < Members; i++)
        {
            var member = await TestCluster.StartBareAsync();
            members.Add(member);
            await MemberClusters.GrantAsync(member);
            await hub.RegisterMemberAsync($"member-{i}", member);
        }

        return await OperatorCost.SettledAsync(running, readsCount: false) - before;
    }

    private static async Task<OperatorCost> DeployAsync(List<TestCluster> members, OperatorProcess running)
    {
        var before = await OperatorCost.ReadAsync(running);
        foreach (var member in members)
        {
            using var fleet = new Fleet(member);
            await fleet.DeployAsync(Workloads);
        }

        return await OperatorCost.SettledAsync(running, readsCount: false) - before;
    }

    private static async Task<OperatorCost> DeclareAsync(TestCluster hub, OperatorProcess running)
    {
        var before = await OperatorCost.ReadAsync(running);
        using var fleet = new Fleet(hub);
        await fleet.CreateNamespacesAsync(Workloads);
        await fleet.DeclareAsync(Workloads, """{"selector":{}}""");
        return await OperatorCost.SettledAsync(running, readsCount: false) - before;
    }

    private static async Task AddAsync(MarkdownTable table, OperatorProcess running, string what, OperatorCost cost)
    {
        await OperatorCost.SettledAsync(running, readsCount: false);
        table.Add(
            what,
            $"{running.ResidentBytes() / Megabyte:0} MiB resident; for each member {cost.Requests / Members:0.0} requests, of which {cost.Writes / Members:0.0} write, and {cost.CpuSeconds * 1000 / Members:0} ms of CPU");
    }
}
