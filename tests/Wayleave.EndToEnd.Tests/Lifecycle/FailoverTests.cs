using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>Several replicas, one lease.</summary>
[Collection(LifecycleCollection.Name)]
public sealed class FailoverTests(LifecycleCluster lifecycle)
{
    [Fact]
    public async Task Exactly_one_of_two_replicas_reconciles()
    {
        await using var scene = await lifecycle.SetAsync();
        var mark = lifecycle.Audit.Mark();
        Replica[] replicas = [await Replica.StartAsync(scene, "one"), await Replica.StartAsync(scene, "two")];

        await WorkAsync(scene, "cart", "orders", "vault");

        var writes = (await lifecycle.WritesSinceAsync(mark)).Where(write => write.Resource != "leases").ToList();
        writes.ShouldNotBeEmpty();
        var writer = writes.Select(write => write.User).Distinct().ShouldHaveSingleItem();
        var leader = replicas.Single(replica => replica.User == writer);
        leader.Process.Lines().ShouldContain(line => LogEvent.BecameLeader.IsIn(line));
        var standby = replicas.Single(replica => replica != leader);
        standby.Process.Lines().ShouldNotContain(line => LogEvent.BecameLeader.IsIn(line));
        (await standby.Process.ReadMetricsAsync()).Sum("wayleave_reconciles_total").ShouldBe(0);
    }

    [Fact]
    public async Task The_standby_takes_over_from_a_killed_leader_only_after_the_lease_expires()
    {
        await using var scene = await lifecycle.SetAsync();
        var mark = lifecycle.Audit.Mark();
        var leader = await Replica.StartAsync(scene, "leader");
        await leader.LeadsAsync();
        var standby = await Replica.StartAsync(scene, "standby");
        await WorkAsync(scene, "cart");

        await leader.Process.KillAsync();
        var killed = DateTimeOffset.UtcNow;
        var taken = await standby.LeadsAsync();

        var renewed = (await lifecycle.WritesSinceAsync(mark)).Last(write => write.Resource == "leases" && write.User == leader.User).Received;
        (taken.Time - renewed).ShouldBeGreaterThan(Replica.LeaseDuration);
        (taken.Time - killed).ShouldBeLessThan(Replica.LeaseDuration + Replica.Slack);
        await WorkAsync(scene, "orders");
    }

    [Fact]
    public async Task The_standby_takes_over_before_the_lease_expires_when_the_leader_shuts_down()
    {
        await using var scene = await lifecycle.SetAsync();
        var leader = await Replica.StartAsync(scene, "leader");
        await leader.LeadsAsync();
        var standby = await Replica.StartAsync(scene, "standby");

        await leader.Process.StopAsync();
        var ended = DateTimeOffset.UtcNow;

        ((await standby.LeadsAsync()).Time - ended).ShouldBeLessThan(Replica.LeaseDuration);
        await WorkAsync(scene, "cart");
    }

    [Fact]
    public async Task A_leader_paused_for_longer_than_its_lease_writes_nothing_until_it_leads_again()
    {
        await using var scene = await lifecycle.SetAsync();
        await using var gate = await AdmissionGate.SetAsync(lifecycle.Cluster, scene.Namespace);
        var old = await Replica.StartAsync(scene, "old");
        await old.LeadsAsync();
        var other = await Replica.StartAsync(scene, "other");
        await StopInTheMiddleOfWorkAsync(scene, gate, old);
        var mark = lifecycle.Audit.Mark();
        await other.LeadsAsync();
        gate.Open();

        await old.Process.SignalAsync("CONT");
        await old.Process.WaitForLogAsync(LogEvent.LostLeadership);
        await WorkAsync(scene, "late");

        var writes = await lifecycle.WritesSinceAsync(mark);
        writes.ShouldContain(write => write.User == other.User && write.Resource == "networkpolicies");
        var taken = writes.First(write => write.User == other.User && write.Resource == "leases" && write.Code == 200).Received;
        writes.ShouldNotContain(write => write.User == old.User && write.Received > taken);

        await other.Process.KillAsync();
        await old.LeadsAsync(times: 2);
        await WorkAsync(scene, "last");
    }

    [Fact]
    public async Task Leaves_a_lease_to_another_holder_until_it_expires()
    {
        await using var scene = await lifecycle.SetAsync();
        var leader = await Replica.StartAsync(scene, "leader");
        await leader.LeadsAsync();
        var mark = lifecycle.Audit.Mark();

        const string Taking = """{"spec": {"holderIdentity": "somebody", "leaseDurationSeconds": 5}}""";
        string[] take = ["patch", "lease", "wayleave-operator", $"--namespace={scene.Home}", "--type=merge", $"--patch={Taking}"];
        (await lifecycle.Cluster.ControlPlane.KubectlAsync(take)).EnsureSuccess();
        await leader.Process.WaitForLogAsync(LogEvent.LostLeadership);
        await leader.LeadsAsync(times: 2);

        var writes = (await lifecycle.RecordsSinceAsync(mark)).Where(record => record.IsWrite && record.Resource == "leases" && record.Namespace == scene.Home).ToList();
        var taken = writes.Single(write => write.UserAgent.StartsWith("kubectl", StringComparison.Ordinal)).Received;
        var next = writes.First(write => write.User == leader.User && write.Received > taken && write.Code == 200).Received;
        (next - taken).ShouldBeGreaterThan(TimeSpan.FromSeconds(5));
    }

    // One write is held and a hundred servers are queued when the leader is stopped, so it has work left when it continues.
    private static async Task StopInTheMiddleOfWorkAsync(Scene scene, AdmissionGate gate, Replica leader)
    {
        gate.Hold();
        var servers = Enumerable.Range(0, 100).Select(i => $"server-{i}").ToList();
        await scene.DeployAsync(["client", .. servers]);
        await scene.DeclareAsync("client", $"[{string.Join(", ", servers.Select(server => $"{{kubernetes: {{name: {server}}}}}"))}]");
        await Poll.UntilAsync("writes under way", _ => Task.FromResult(gate.Waiting > 0), Poll.Patience, default);
        await leader.Process.SignalAsync("STOP");
    }

    private static async Task WorkAsync(Scene scene, params IReadOnlyList<string> servers)
    {
        foreach (var server in servers)
        {
            await scene.DeployAsync(server, $"caller-of-{server}");
            await scene.DeclareAsync($"caller-of-{server}", $"[{{kubernetes: {{name: {server}}}}}]");
            await scene.Cluster.WaitUntilAppliedAsync(scene.Namespace, $"caller-of-{server}");
        }
    }
}
