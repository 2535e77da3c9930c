using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>A leader whose way to the API server is gone, while the other replica's is not.</summary>
[Collection(LifecycleCollection.Name)]
public sealed class CutOffTests(LifecycleCluster lifecycle)
{
    [Fact]
    public Task A_leader_that_hears_nothing_stops_before_the_other_may_act() => StopsInTimeAsync(proxy => proxy.Blackhole());

    [Fact]
    public Task A_leader_that_is_refused_stops_before_the_other_may_act() => StopsInTimeAsync(proxy =>
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
        var stopped = await old.Process.WaitForLogAsync(LogMessages.LostLeadership);
        stopped.Time.ShouldBeLessThan(taken.Time);

        // Both would like to write now, and only one may.
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

    // It is tried again and again, so the leader is at it when it is cut off.
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
