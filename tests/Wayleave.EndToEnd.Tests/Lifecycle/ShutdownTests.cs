using System.Net.Sockets;
using k8s.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>A clean shutdown within ten seconds of SIGTERM.</summary>
[Collection(LifecycleCollection.Name)]
public sealed class ShutdownTests(LifecycleCluster lifecycle)
{
    private const string Lease = "wayleave-operator";
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Releases_the_lease()
    {
        await using var scene = await lifecycle.SetAsync();
        var running = await scene.StartReadyAsync("--leader-elect", LifecycleCluster.NoTelemetry);
        await running.WaitForLogAsync(LogEvent.BecameLeader);

        await ShouldShutDownInTimeAsync(running);

        await ShouldBeFreeAsync(scene);
    }

    [Fact]
    public async Task Finishes_counts_and_sends_a_write_in_progress()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var scene = await lifecycle.SetAsync();
        await using var gate = await AdmissionGate.SetAsync(lifecycle.Cluster, scene.Namespace);
        string[] telemetry = ["--telemetry-endpoint", collector.Endpoint.OriginalString, "--telemetry-flush-interval=24h"];
        var running = await scene.StartReadyAsync([.. telemetry, "--leader-elect"]);
        await StartWriteAsync(scene, gate);

        var end = ShouldShutDownInTimeAsync(running);
        await IsStoppingAsync(running);
        gate.Open();
        await end;

        (await lifecycle.Cluster.PolicyNamesAsync(scene.Namespace)).ShouldBe(["wayleave-deployment-cart-ingress"]);
        collector.Requests.Count.ShouldBe(1);
        var counts = collector.Records.ToDictionary(record => record.EventType, record => record.Count, StringComparer.Ordinal);
        counts["STARTED"].ShouldBe(1);
        counts["NETWORK_POLICIES_CREATED"].ShouldBe(1);

        // Whether the status was written too depends on how long its worker had been waiting for the policy.
        counts.Keys.ShouldBeSubsetOf(["STARTED", "NETWORK_POLICIES_CREATED", "INTENTS_APPLIED"]);
        await ShouldBeFreeAsync(scene);
    }

    [Fact]
    public async Task A_hanging_write_does_not_delay_shutdown()
    {
        await using var scene = await lifecycle.SetAsync();
        await using var gate = await AdmissionGate.SetAsync(lifecycle.Cluster, scene.Namespace);
        var running = await scene.StartReadyAsync("--leader-elect", LifecycleCluster.NoTelemetry);
        await StartWriteAsync(scene, gate);

        await ShouldShutDownInTimeAsync(running);

        await ShouldBeFreeAsync(scene);
    }

    [Fact]
    public async Task A_hanging_collector_does_not_delay_shutdown_and_gets_the_record_after_the_restart()
    {
        await using var collector = await OtlpCollector.StartAsync();
        collector.Otherwise = OtlpAnswer.Hang;
        await using var scene = await lifecycle.SetAsync();
        string[] flags = ["--telemetry-endpoint", collector.Endpoint.OriginalString, "--telemetry-flush-interval=24h"];
        var running = await scene.StartReadyAsync(flags);
        await HasReadLedgerAsync(scene);

        await ShouldShutDownInTimeAsync(running);

        collector.Otherwise = OtlpAnswer.Accept;
        var tried = collector.Requests.ShouldHaveSingleItem().Records.ShouldHaveSingleItem();
        tried.EventType.ShouldBe("STARTED");
        await ShouldShutDownInTimeAsync(await scene.StartReadyAsync(flags));
        collector.Records.Select(record => record.EventType).ShouldBe(["STARTED", "STARTED"]);
        collector.Records[0].EventId.ShouldBe(tried.EventId);
    }

    [Fact]
    public async Task A_standby_shuts_down_without_changing_the_lease()
    {
        await using var scene = await lifecycle.SetAsync();
        var leader = await scene.StartReadyAsync("--leader-elect", LifecycleCluster.NoTelemetry);
        await leader.WaitForLogAsync(LogEvent.BecameLeader);
        var standby = await scene.StartReadyAsync("--leader-elect", LifecycleCluster.NoTelemetry);

        await ShouldShutDownInTimeAsync(standby);

        var lease = await lifecycle.Cluster.Client.GetAsync<V1Lease>(Lease, scene.Home, default);
        (await leader.WaitForLogAsync(LogEvent.BecameLeader)).Message.ShouldContain(lease!.Spec!.HolderIdentity!);
    }

    [Fact]
    public async Task Shuts_down_while_waiting_for_the_API_server()
    {
        await using var proxy = TcpProxy.Start(lifecycle.Cluster.ControlPlane.Server);
        proxy.Refuse();
        await using var scene = await lifecycle.SetAsync();
        var running = await scene.StartAsync(kubeconfig: await lifecycle.Cluster.ControlPlane.WriteKubeconfigAsync(proxy.Address));
        await running.WaitForLogAsync(LogEvent.Waiting);

        await ShouldShutDownInTimeAsync(running);
    }

    private async Task ShouldBeFreeAsync(Scene scene)
    {
        var lease = await lifecycle.Cluster.Client.GetAsync<V1Lease>(Lease, scene.Home, default);
        lease!.Spec!.HolderIdentity.ShouldBe("");
    }

    private static async Task StartWriteAsync(Scene scene, AdmissionGate gate)
    {
        gate.Hold();
        await scene.DeployAsync("cart", "checkout");
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}]");
        await Poll.UntilAsync("a write under way", _ => Task.FromResult(gate.Waiting == 1), Poll.Patience, default);
    }

    private Task HasReadLedgerAsync(Scene scene) => Poll.UntilAsync(
        "the operator to read its ledger",
        _ => Task.FromResult(lifecycle.Audit.Read().Any(request => request.Resource == "configmaps" && request.Namespace == scene.Home && request.UserAgent.StartsWith(LifecycleCluster.UserAgent, StringComparison.Ordinal))),
        Poll.Patience,
        default);

    private static async Task ShouldShutDownInTimeAsync(OperatorProcess running)
    {
        (await running.StopAsync()).ShouldBeLessThan(Allowed);
        running.ExitCode.ShouldBe(0, string.Join('\n', running.Log));
    }

    // A shutdown closes the ports first.
    private static Task IsStoppingAsync(OperatorProcess running) => Poll.UntilAsync(
        "the operator's ports to close",
        async token =>
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(running.Probes!.Host, running.Probes.Port, token);
                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        },
        Allowed,
        default);
}
