using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>A leader that loses its connection to the API server, while the other replica keeps its own.</summary>
[Collection(LifecycleCollection.Name)]
public sealed class DisconnectedLeaderTests(LifecycleCluster lifecycle)
{
    [Fact]
    public Task A_leader_without_answers_stops_before_the_other_replica_leads() => StopsInTimeAsync(proxy => proxy.Blackhole());

    [Fact]
    public Task A_leader_with_refused_connections_stops_before_the_other_replica_leads() => StopsInTimeAsync(proxy =>
    {
        proxy.Refuse();
        proxy.CutAll();
    });

    private async Task StopsInTimeAsync(Action<TcpProxy> cut)
    {
        await using var proxy = TcpProxy.Start(lifecycle.Cluster.ControlPlane.Server);
        await using var scene = await lifecycle.SetAsync();
        await using var gate = await AdmissionGate.SetAsync(lifecycle.Cluster, scene.Namespace);
        var mark = lifecycle.Audit.Mark();
        var old = await Replica.StartAsync(scene, "old", proxy.Address);
        await old.LeadsAsync();
        var other = await Replica.StartAsync(scene, "other");
        await GiveWorkThatFailsAsync(scene, gate);

        cut(proxy);
        var taken = await other.LeadsAsync();
        var stopped = await old.Process.WaitForLogAsync(LogEvent.LostLeadership);
        stopped.Time.ShouldBeLessThan(taken.Time);

        // Both replicas have a policy to write now, and only one may.
        gate.Open();
        await lifecycle.Cluster.WaitUntilAppliedAsync(scene.Namespace, "checkout");
        proxy.Accept();
        proxy.CutAll();
        await IsBackAsync(old);
        await scene.DeployAsync("orders");
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}, {kubernetes: {name: orders}}]");
        await lifecycle.Cluster.WaitUntilAppliedAsync(scene.Namespace, "checkout");

        var writes = await lifecycle.WritesSinceAsync(mark);
        var acquired = writes.First(write => write.User == other.User && write.Resource == "leases" && write.Code == 200).Received;
        writes.ShouldContain(write => write.User == old.User && write.Resource == "networkpolicies" && write.Received < acquired);
        writes.ShouldNotContain(write => write.User == old.User && write.Received > acquired);
        var renewed = writes.Last(write => write.User == old.User && write.Resource == "leases").Received;
        (stopped.Time - renewed).ShouldBeLessThan(Replica.LeaseDuration);
        (acquired - renewed).ShouldBeGreaterThan(Replica.LeaseDuration);
    }

    // The write is retried, so the leader is busy when it is disconnected.
    private static async Task GiveWorkThatFailsAsync(Scene scene, AdmissionGate gate)
    {
        gate.Deny();
        await scene.DeployAsync("cart", "checkout");
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}]");
        await Poll.UntilAsync("the leader to try again", _ => Task.FromResult(gate.Asked > 2), Poll.Patience, default);
    }

    private static async Task IsBackAsync(Replica replica)
    {
        var before = await AnswersAsync(replica, default);
        await Poll.UntilAsync($"{replica.User} to be answered again", async token => await AnswersAsync(replica, token) > before + 2, Poll.Patience, default);
    }

    private static async Task<double> AnswersAsync(Replica replica, CancellationToken cancellationToken) =>
        (await replica.Process.ReadMetricsAsync(cancellationToken)).Sum("rest_client_requests_total", "method=\"GET\"", "code=\"200\"");
}
