using System.Net.Sockets;
using k8s.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>SIGTERM: ten seconds in which to leave everything in order.</summary>
[Collection(LifecycleCollection.Name)]
public sealed class ShutdownTests(LifecycleCluster lifecycle)
{
    private const string Lease = "wayleave-operator";
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_lease_is_released()
    {
        await using var scene = await lifecycle.SetAsync();
        var running = await scene.StartReadyAsync("--leader-elect", LifecycleCluster.NoTelemetry);
        await running.WaitForLogAsync(LogMessages.BecameLeader);

        await ShouldEndWellAsync(running);

        await ShouldBeFreeAsync(scene);
    }

    [Fact]
    public async Task What_is_under_way_is_finished_counted_and_sent()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var scene = await lifecycle.SetAsync();
        await using var gate = await AdmissionGate.SetAsync(lifecycle.Cluster, scene.Namespace);
        string[] telemetry = ["--telemetry-endpoint", collector.Endpoint.OriginalString, "--telemetry-flush-interval=24h"];
        var running = await scene.StartReadyAsync([.. telemetry, "--leader-elect"]);
        await StartWriteAsync(scene, gate);

        var end = ShouldEndWellAsync(running);
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
    public async Task A_write_that_hangs_does_not_hold_it_up()
    {
        await using var scene = await lifecycle.SetAsync();
        await using var gate = await AdmissionGate.SetAsync(lifecycle.Cluster, scene.Namespace);
        var running = await scene.StartReadyAsync("--leader-elect", LifecycleCluster.NoTelemetry);
        await StartWriteAsync(scene, gate);

        await ShouldEndWellAsync(running);

        await ShouldBeFreeAsync(scene);
    }

    [Fact]
    public async Task A_collector_that_hangs_does_not_hold_it_up_and_gets_the_counts_next_time()
    {
        await using var collector = await OtlpCollector.StartAsync();
        collector.Otherwise = OtlpAnswer.Hang;
        await using var scene = await lifecycle.SetAsync();
        string[] flags = ["--telemetry-endpoint", collector.Endpoint.OriginalString, "--telemetry-flush-interval=24h"];
        var running = await scene.StartReadyAsync(flags);
        await HasReadLedgerAsync(scene);

        await ShouldEndWellAsync(running);

        collector.Otherwise = OtlpAnswer.Accept;
        var tried = collector.Requests.ShouldHaveSingleItem().Records.ShouldHaveSingleItem();
        tried.EventType.ShouldBe("STARTED");
        await ShouldEndWellAsync(await scene.StartReadyAsync(flags));
        collector.Records.Select(record => record.EventType).ShouldBe(["STARTED", "STARTED"]);
        collector.Records[0].EventId.ShouldBe(tried.EventId);
    }

    [Fact]
    public async Task A_standby_ends_without_touching_the_lease()
    {
        await using var scene = await lifecycle.SetAsync();
        var leader = await scene.StartReadyAsync("--leader-elect", LifecycleCluster.NoTelemetry);
        await leader.WaitForLogAsync(LogMessages.BecameLeader);
        var standby = await scene.StartReadyAsync("--leader-elect", LifecycleCluster.NoTelemetry);

        await ShouldEndWellAsync(standby);

        var lease = await lifecycle.Cluster.Client.GetAsync<V1Lease>(Lease, scene.Home, default);
        (await leader.WaitForLogAsync(LogMessages.BecameLeader)).Message.ShouldContain(lease!.Spec!.HolderIdentity!);
    }

    [Fact]
    public async Task It_also_ends_well_while_it_waits_for_the_api_server()
    {
        await using var proxy = TcpProxy.Start(lifecycle.Cluster.ControlPlane.Server);
        proxy.Refuse();
        await using var scene = await lifecycle.SetAsync();
        var running = await scene.StartAsync(kubeconfig: await lifecycle.Cluster.ControlPlane.WriteKubeconfigAsync(proxy.Address));
        await running.WaitForLogAsync("Waiting:");

        await ShouldEndWellAsync(running);
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

    private static async Task ShouldEndWellAsync(OperatorProcess running)
    {
        (await running.StopAsync()).ShouldBeLessThan(Allowed);
        running.ExitCode.ShouldBe(0, string.Join('\n', running.Log));
    }

    // Its ports are closed first of all.
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
