using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>An API server that fails and recovers while the operator runs.</summary>
public sealed class OutageTests(OutageCluster outage) : IClassFixture<OutageCluster>
{
    // An outage may log one message for each watched kind, and no more.
    private const int MostLines = 8;
    private const int Cuts = 20;

    private readonly TestCluster _cluster = outage.Cluster;

    [Fact]
    public async Task Sees_changes_made_after_the_API_server_restarts()
    {
        await using var scene = await Scene.SetAsync(_cluster);
        await scene.DeployAsync("cart", "orders", "checkout");
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}]");
        var running = await scene.StartReadyAsync();
        await running.WaitUntilIdleAsync(2);
        var lines = running.Log.Count;

        await _cluster.ControlPlane.StopApiServerAsync();
        await _cluster.ControlPlane.StartApiServerAsync();
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: orders}}]");

        await _cluster.WaitForPoliciesAsync(scene.Namespace, "orders");
        await _cluster.WaitUntilAppliedAsync(scene.Namespace, "checkout");
        ShouldHaveLoggedLittle(running, lines);
    }

    [Fact]
    public async Task Relists_after_an_outage_and_removes_policies_of_deleted_declarations()
    {
        await using var proxy = TcpProxy.Start(_cluster.ControlPlane.Server);
        await using var scene = await Scene.SetAsync(_cluster);
        await scene.DeployAsync("cart", "orders", "vault", "checkout", "billing");
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}]");
        await scene.DeclareAsync("billing", "[{kubernetes: {name: orders}}]");
        await _cluster.ApplyAsync(Yaml.Protection(scene.Namespace, "vault"));
        var running = await scene.StartAsync(kubeconfig: await _cluster.ControlPlane.WriteKubeconfigAsync(proxy.Address));
        await _cluster.WaitForPoliciesAsync(scene.Namespace, "cart", "orders", "vault");
        await running.WaitUntilIdleAsync(6);
        var lines = running.Log.Count;

        proxy.Refuse();
        proxy.CutAll();
        await _cluster.DeleteAsync(Yaml.Intents(scene.Namespace, "billing", "[]"));
        await _cluster.DeleteAsync(Yaml.Protection(scene.Namespace, "vault"));
        await scene.DeployAsync("late");
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: late}}]");
        await _cluster.ControlPlane.CompactAsync();
        await _cluster.ControlPlane.StopApiServerAsync();
        await _cluster.ControlPlane.StartApiServerAsync();
        var lists = (await running.ReadMetricsAsync()).Sum("wayleave_informer_lists_total");
        proxy.Accept();

        await _cluster.WaitForPoliciesAsync(scene.Namespace, "late");
        await _cluster.WaitUntilAppliedAsync(scene.Namespace, "checkout");
        (await running.ReadMetricsAsync()).Sum("wayleave_informer_lists_total").ShouldBeGreaterThan(lists);
        ShouldHaveLoggedLittle(running, lines);
    }

    [Fact]
    public async Task Misses_no_change_and_logs_little_when_watches_are_cut_repeatedly()
    {
        await using var proxy = TcpProxy.Start(_cluster.ControlPlane.Server);
        await using var scene = await Scene.SetAsync(_cluster);
        await scene.DeployAsync("checkout");
        var settings = new OperatorSettings { Arguments = [LifecycleCluster.NoTelemetry] };
        var running = await scene.StartAsync(settings, await _cluster.ControlPlane.WriteKubeconfigAsync(proxy.Address));
        await running.WaitUntilReadyAsync();
        var lines = running.Log.Count;
        var servers = new List<string>();

        for (var i = 0; i < Cuts; i++)
        {
            servers.Add($"server-{i}");
            await scene.DeployAsync(servers[^1]);
            proxy.CutAll();
            await scene.DeclareAsync("checkout", $"[{string.Join(", ", servers.Select(server => $"{{kubernetes: {{name: {server}}}}}"))}]");
        }

        await WaitAsync(scene, running, servers);
        await _cluster.WaitUntilAppliedAsync(scene.Namespace, "checkout");
        (await running.ReadMetricsAsync()).Sum("wayleave_informer_watches_total").ShouldBeGreaterThan(Cuts);

        // A write that a cut interrupts logs a message, and so does a watch that is cut four times before its first event.
        var logged = running.Lines().Skip(lines).Where(line => line.Level != "Information").ToList();
        logged.Count.ShouldBeLessThanOrEqualTo(Cuts);
        logged.ShouldAllBe(line => line.Level == "Warning");
    }

    [Fact]
    public async Task Waits_for_a_frozen_API_server_and_stays_ready()
    {
        await using var scene = await Scene.SetAsync(_cluster);
        await scene.DeployAsync("cart", "checkout");
        var running = await scene.StartReadyAsync();
        var lines = running.Log.Count;

        await _cluster.ControlPlane.PauseApiServerAsync();
        var declaring = scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}]");
        (await running.IsReadyAsync(default)).ShouldBeTrue();
        await _cluster.ControlPlane.ResumeApiServerAsync();

        await declaring;
        await _cluster.WaitUntilAppliedAsync(scene.Namespace, "checkout");
        running.Lines().Skip(lines).ShouldAllBe(line => line.Level == "Information");
    }

    // The operator's state is lost with its process, so a failure reports it.
    private async Task WaitAsync(Scene scene, OperatorProcess running, IReadOnlyList<string> servers)
    {
        try
        {
            await _cluster.WaitForPoliciesAsync(scene.Namespace, servers);
        }
        catch (TimeoutException error)
        {
            var metrics = (await running.ReadMetricsAsync()).Where(sample => sample.Value != 0 && !sample.Key.Contains("_bucket", StringComparison.Ordinal)).Select(sample => $"{sample.Key} {sample.Value}");
            string[] query = ["get", "clientintents", "--namespace", scene.Namespace, "--output=yaml"];
            var intents = (await _cluster.ControlPlane.KubectlAsync(query)).Output;
            throw new TimeoutException($"{error.Message}\n{intents}\n{string.Join('\n', metrics)}\n{string.Join('\n', running.Log.TakeLast(30))}", error);
        }
    }

    private static void ShouldHaveLoggedLittle(OperatorProcess running, int before)
    {
        // Messages about writes to the cluster do not count.
        var logged = running.Lines().Skip(before).Where(line => line.Level != "Information").ToList();
        logged.Count.ShouldBeLessThanOrEqualTo(MostLines, string.Join('\n', logged));
        logged.ShouldAllBe(line => line.Level == "Warning");
    }
}
