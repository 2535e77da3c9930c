using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>An operator that restarts in a cluster that already has its policies.</summary>
[Collection(RestartCollection.Name)]
public sealed class RestartTests(LifecycleCluster lifecycle)
{
    private const int Clients = 50;
    private const int Servers = 10;

    [Fact]
    public async Task A_restart_after_a_kill_writes_nothing_when_nothing_changed()
    {
        await using var scene = await lifecycle.SetAsync();
        await DeclareAllAsync(scene);
        var first = await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);
        await first.WaitUntilIdleAsync(Clients + Servers);
        await ShouldBeDoneAsync(scene);
        await first.KillAsync();
        var mark = lifecycle.Audit.Mark();

        var second = await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);
        await second.WaitUntilIdleAsync(Clients + Servers);

        (await second.CountWritesAsync()).ShouldBe(0);
        (await lifecycle.WritesSinceAsync(mark)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restart_completes_the_work_that_a_kill_interrupted()
    {
        await using var scene = await lifecycle.SetAsync();
        await using var gate = await AdmissionGate.SetAsync(lifecycle.Cluster, scene.Namespace);
        await DeclareAllAsync(scene);
        gate.Hold();
        var first = await scene.StartAsync(new OperatorSettings { Arguments = [LifecycleCluster.NoTelemetry] });
        await Poll.UntilAsync("a write under way", _ => Task.FromResult(gate.Waiting > 0), Poll.Patience, default);
        await first.KillAsync();
        gate.Open();

        var second = await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);
        await second.WaitUntilIdleAsync(Clients + Servers);
        await ShouldBeDoneAsync(scene);

        await second.KillAsync();
        var third = await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);
        await third.WaitUntilIdleAsync(Clients + Servers);
        (await third.CountWritesAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_restart_with_telemetry_on_writes_only_the_ledger()
    {
        await using var scene = await lifecycle.SetAsync();
        await DeclareAllAsync(scene);
        var first = await scene.StartReadyAsync();
        await first.WaitUntilIdleAsync(Clients + Servers);
        await first.StopAsync();
        var mark = lifecycle.Audit.Mark();

        var second = await scene.StartReadyAsync();
        await second.WaitUntilIdleAsync(Clients + Servers);
        await second.StopAsync();

        var writes = await lifecycle.WritesSinceAsync(mark);
        writes.ShouldNotBeEmpty();
        writes.ShouldAllBe(write => write.Resource == "configmaps" && write.Name == "wayleave-telemetry" && write.Namespace == scene.Home);
    }

    // Declares a mix of targets, some of which cannot be enforced: the status of each is written once.
    private static async Task DeclareAllAsync(Scene scene)
    {
        await scene.DeployAsync([.. Enumerable.Range(0, Servers).Select(i => $"server-{i}"), .. Enumerable.Range(0, Clients).Select(i => $"client-{i}")]);
        await scene.Cluster.ApplyAsync(Yaml.Protection(scene.Namespace, "server-0"));
        await scene.Cluster.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: Service
            metadata: {name: front, namespace: {{scene.Namespace}}}
            spec: {selector: {app: server-1}, ports: [{port: 80, targetPort: 8080, protocol: TCP}]}
            """);
        for (var i = 0; i < Clients; i++)
        {
            await scene.DeclareAsync($"client-{i}", Targets(i));
        }
    }

    private static string Targets(int client)
    {
        var server = $"server-{client % Servers}";
        return (client % 5) switch
        {
            0 => $"[{{kubernetes: {{name: {server}}}}}, {{service: {{name: front}}}}]",
            1 => $"[{{kubernetes: {{name: {server}, ports: [8080, 9090]}}}}]",
            2 => $"[{{kubernetes: {{name: {server}, http: [{{path: /v1, methods: [GET]}}]}}}}, {{internet: {{domains: [api.example.com]}}}}]",
            3 => $"[{{kubernetes: {{name: {server}}}}}, {{kubernetes: {{name: missing}}}}]",
            _ => $"[{{kubernetes: {{name: {server}}}}}, {{kafka: {{name: kafka, topics: [{{name: a, operations: [produce]}}]}}}}]",
        };
    }

    private static async Task ShouldBeDoneAsync(Scene scene)
    {
        var intents = await scene.Cluster.Client.ListAsync<ClientIntents>(new ListOptions { Namespace = scene.Namespace }, default);
        intents.Items.Count.ShouldBe(Clients);
        intents.Items.ShouldAllBe(declared => declared.Status != null && declared.Status.ObservedGeneration == declared.Metadata.Generation);
        var policies = await scene.Cluster.PolicyNamesAsync(scene.Namespace);
        policies.Count(name => name.StartsWith("wayleave-deployment-server-", StringComparison.Ordinal)).ShouldBe(Servers);
        policies.Count.ShouldBe(Servers + 1);
    }
}
