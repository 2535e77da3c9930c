using k8s.Models;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

[Collection(LayerCollection.Name)]
public sealed class LeaderElectionTests(LayerCluster cluster)
{
    [Fact]
    public async Task One_of_two_electors_leads_and_the_other_takes_over_when_it_stops()
    {
        using var client = await cluster.ConnectAsync();
        var slow = TimeSpan.FromSeconds(8);
        var one = new RunningElector(client, "handover", "one", patience: slow);
        await UntilAsync("the first to lead", () => one.IsLeader);
        await using var two = new RunningElector(client, "handover", "two", patience: slow);

        // Waits for longer than the lease lasts without a renewal.
        var first = await ReadAsync("handover");
        await UntilAsync("many renewals", async () =>
        {
            (one.IsLeader, two.IsLeader).ShouldBe((true, false));
            return await ReadAsync("handover") is { } now && now.Spec!.RenewTime - first.Spec!.RenewTime > 2 * slow;
        });
        two.TimesLed.ShouldBe(0);
        await one.DisposeAsync();

        await UntilAsync("the second to lead", () => two.IsLeader);
        one.IsLeader.ShouldBeFalse();
        var lease = await ReadAsync("handover");
        (lease.Spec!.HolderIdentity, lease.Spec.LeaseTransitions).ShouldBe(("two", 1));
    }

    [Fact]
    public async Task Exactly_one_of_eight_electors_leads()
    {
        using var client = await cluster.ConnectAsync();
        var slow = TimeSpan.FromSeconds(8);
        RunningElector[] all =
            [.. Enumerable.Range(0, 8).Select(number => new RunningElector(client, "crowd", $"number-{number}", patience: slow))];

        await UntilAsync("one to act", () => all.Any(elector => elector.IsActing));
        var lease = await ReadAsync("crowd");

        all.Count(elector => elector.IsLeader).ShouldBe(1);
        all.Sum(elector => elector.TimesLed).ShouldBe(1);
        lease.Spec!.LeaseTransitions.ShouldBe(0);
        foreach (var elector in all)
        {
            await elector.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disconnected_leader_stops_acting_before_another_acquires_the_lease(bool silently)
    {
        var name = $"cut-off-{silently}".ToLowerInvariant();
        await using var proxy = TcpProxy.Start(cluster.Plane.Server);
        using var viaProxy = await cluster.ConnectAsync(proxy);
        using var direct = await cluster.ConnectAsync();
        var slow = TimeSpan.FromSeconds(8);
        await using var one = new RunningElector(viaProxy, name, "one", patience: slow);
        await UntilAsync("the first to lead", () => one.IsLeader);
        (bool Leads, bool Acts)? seenByTheSecond = null;
        await using var two = new RunningElector(direct, name, "two", () => seenByTheSecond = (one.IsLeader, one.IsActing), slow);

        if (silently)
        {
            proxy.Blackhole();
        }
        else
        {
            proxy.Refuse();
            proxy.CutAll();
        }

        await UntilAsync("the second to lead", () =>
        {
            (one.IsLeader && two.IsLeader).ShouldBeFalse();
            return Task.FromResult(two.IsLeader && seenByTheSecond is not null);
        });

        seenByTheSecond.ShouldBe((false, false));
        proxy.Accept();
        proxy.CutAll();
        await UntilAsync("it to last longer than the lease", async () =>
        {
            (one.IsLeader, two.IsLeader).ShouldBe((false, true));
            return await ReadAsync(name) is { } lease && lease.Spec!.RenewTime - lease.Spec.AcquireTime > 2 * slow;
        });
    }

    private static Task UntilAsync(string what, Func<bool> holds) => UntilAsync(what, () => Task.FromResult(holds()));

    // Unlike with Poll alone, a failed assertion fails the test at once.
    private static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        ShouldAssertException? failure = null;
        await Poll.UntilAsync(
            what,
            async _ =>
            {
                try
                {
                    return await holds();
                }
                catch (ShouldAssertException error)
                {
                    failure = error;
                    return true;
                }
            },
            Poll.Patience,
            default);
        failure.ShouldBeNull();
    }

    private async Task<V1Lease> ReadAsync(string name) => (await cluster.Client.Kubernetes.GetAsync<V1Lease>(name, "default", default))!;
}
