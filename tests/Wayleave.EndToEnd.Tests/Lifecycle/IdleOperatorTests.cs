using k8s.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>An operator that has nothing to do makes no requests and logs nothing.</summary>
[Collection(LifecycleCollection.Name)]
public sealed class IdleOperatorTests(LifecycleCluster lifecycle)
{
    private const int Renewals = 10;
    private static readonly string[] Flags = ["--leader-elect", "--leader-elect-retry-period", "300ms", "--telemetry-flush-interval", "1s"];

    [Fact]
    public async Task Makes_only_lease_requests_when_nothing_changes()
    {
        await using var scene = await lifecycle.SetAsync();
        var running = await StartWithWorkDoneAsync(scene);
        var mark = lifecycle.Audit.Mark();
        var before = await running.ReadMetricsAsync();

        await RenewAsync(running, scene);

        (await lifecycle.RequestsSinceAsync(mark)).ShouldAllBe(request => request.Resource == "leases");
        var after = await running.ReadMetricsAsync();
        var reads = Requests(after, "GET") - Requests(before, "GET");
        var writes = Requests(after, "PATCH") - Requests(before, "PATCH");
        writes.ShouldBeGreaterThanOrEqualTo(Renewals);

        // A renewal is a read and a write; the metrics may have been read between the two.
        reads.ShouldBeInRange(writes - 1, writes + 1);
        (after.Sum("rest_client_requests_total") - before.Sum("rest_client_requests_total")).ShouldBe(reads + writes);
        after.Sum("wayleave_reconciles_total").ShouldBe(before.Sum("wayleave_reconciles_total"));
    }

    [Fact]
    public async Task Logs_only_the_start_and_each_written_policy()
    {
        await using var scene = await lifecycle.SetAsync();
        var running = await StartWithWorkDoneAsync(scene);

        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart, ports: [8080]}}]");
        await lifecycle.Cluster.WaitUntilAppliedAsync(scene.Namespace, "checkout");
        await RenewAsync(running, scene);

        running.Lines().Select(line => line.Level).Distinct().ShouldBe(["Information"]);
        running.Lines().Where(line => !LogEvent.NotServed.IsIn(line)).Select(line => line.Category.Split('.')[^1])
            .ShouldBe(["Operator", "Operator", "Operator", "ApiServerReadiness", "LeaderElector", "PolicyWriter", "PolicyWriter"]);
    }

    [Fact]
    public async Task Scaling_a_workload_enqueues_no_policy()
    {
        await using var scene = await lifecycle.SetAsync();
        var running = await StartWithWorkDoneAsync(scene);
        var before = await running.ReadMetricsAsync();

        for (var i = 0; i < 20; i++)
        {
            var arguments = Yaml.Workload(scene.Namespace, "cart").Replace("replicas: 0", $"replicas: {i}", StringComparison.Ordinal);
            await lifecycle.Cluster.ApplyAsync(arguments);
        }

        // Changes arrive in order, so the operator has seen all earlier ones when it has seen this one.
        await scene.DeployAsync("checkout-next");
        await scene.DeclareAsync("checkout-next", "[{internet: {domains: [api.example.com]}}]");
        await lifecycle.Cluster.WaitUntilAppliedAsync(scene.Namespace, "checkout-next");
        var after = await running.ReadMetricsAsync();
        const int ItsOwnClient = 1;
        after.Sum("workqueue_adds_total", "policies").ShouldBe(before.Sum("workqueue_adds_total", "policies") + ItsOwnClient);
    }

    private async Task<OperatorProcess> StartWithWorkDoneAsync(Scene scene)
    {
        await scene.DeployAsync("cart", "checkout");
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}]");
        var running = await scene.StartReadyAsync(Flags);
        await lifecycle.Cluster.WaitUntilAppliedAsync(scene.Namespace, "checkout");
        await running.WaitUntilIdleAsync(2);
        await lifecycle.Cluster.WaitForAsync<V1ConfigMap>("the ledger with all that was done", scene.Home, "wayleave-telemetry", HasAll);
        return running;
    }

    // Waits for renewals of the lease, to let time pass.
    private async Task RenewAsync(OperatorProcess running, Scene scene)
    {
        await running.WaitForLogAsync(LogEvent.BecameLeader);
        var mark = lifecycle.Audit.Mark();
        await Poll.UntilAsync(
            $"{Renewals} renewals of the lease",
            _ => Task.FromResult(lifecycle.Audit.Read(mark).Count(record => record.Resource == "leases" && record.Namespace == scene.Home)),
            renewals => renewals >= Renewals,
            Poll.Patience,
            default);
    }

    private static bool HasAll(V1ConfigMap ledger) =>
        ledger.Data?["pending"] is { } pending
        && pending.Contains("NETWORK_POLICIES_CREATED", StringComparison.Ordinal)
        && pending.Contains("INTENTS_APPLIED", StringComparison.Ordinal);

    private static double Requests(IReadOnlyDictionary<string, double> metrics, string method) =>
        metrics.Sum("rest_client_requests_total", $"method=\"{method}\"");
}
