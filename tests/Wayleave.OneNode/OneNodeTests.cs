using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.OneNode;

/// <summary>The chart and the image on a node, from install to uninstall. Each test starts on a cluster without the chart.</summary>
[Collection(OneNodeCollection.Name)]
public sealed class OneNodeTests(OneNodeCluster node)
{
    private const string Shop = "shop";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TestCluster _cluster = node.Cluster;

    [Fact]
    public async Task A_default_install_enforces_with_its_service_account_and_uninstalls_cleanly()
    {
        var audit = new AuditLog(_cluster.ControlPlane.AuditLogPath!);
        var mark = audit.Mark();
        await using var installed = new Installation(node);
        await node.Figures.TimeAsync("helm install --wait, with defaults", installed.InstallAsync);
        (await installed.HelmAsync(["test", "wayleave"])).EnsureSuccess();
        node.Figures.AddMemory("resident, idle", Installation.ResidentMemory());

        await DeclareAsync("checkout", "cart");
        await _cluster.WaitUntilAppliedAsync(Shop, "checkout");

        var requests = audit.Read(mark).Where(request => request.User == User).ToList();
        requests.ShouldContain(request => request.Resource == "networkpolicies" && request.IsWrite && request.Code < 300);
        requests.Where(request => request.Code == 403).ShouldBeEmpty();
        var pod = (await installed.PodsAsync()).ShouldHaveSingleItem();
        (await installed.KubectlAsync("exec", pod, $"--namespace={Installation.Namespace}", "--", "/app/wayleave-operator", "--version")).Trim().ShouldNotBeEmpty();
        await Poll.UntilAsync("the ledger", async token => await LedgerAsync(token) is not null, Deadline, default);

        var said = (await installed.UninstallAsync()).Output;
        said.ShouldContain("clientintents.wayleave.dev");
        await Poll.UntilAsync("everything to be deleted", async _ => (await installed.LeftAsync()).Count == 0, Deadline, default);
        (await installed.KubectlAsync("get", "clusterroles,clusterrolebindings", "--selector=app.kubernetes.io/instance=wayleave", "--output=name")).ShouldBeEmpty();
        // The policies of the declarations stay in force.
        (await _cluster.Client.GetAsync<V1NetworkPolicy>("wayleave-deployment-cart-ingress", Shop, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_upgrade_from_an_older_chart_updates_the_CRDs_and_keeps_the_policies()
    {
        await using var installed = new Installation(node);
        await installed.InstallAsync(await OlderChart.WriteAsync(Directory.CreateTempSubdirectory("older-").FullName));
        await DeclareAsync("checkout", "cart");
        await _cluster.WaitUntilAppliedAsync(Shop, "checkout");
        var before = await _cluster.Client.GetAsync<V1NetworkPolicy>("wayleave-deployment-cart-ingress", Shop, default);

        await node.Figures.TimeAsync("helm upgrade --wait, the old Pod gone", () => installed.UpgradeAsync("--set=podAnnotations.changed=yes"));

        await _cluster.ApplyAsync(Yaml.In("{names: [local]}", Yaml.Intents(Shop, "checkout", "[{kubernetes: {name: cart}}, {kubernetes: {name: payment}}]")));
        await _cluster.WaitUntilAppliedAsync(Shop, "checkout");
        (await _cluster.Client.GetAsync<ClientIntents>("checkout", Shop, default))!.Spec.Clusters.ShouldNotBeNull();
        var after = await _cluster.Client.GetAsync<V1NetworkPolicy>("wayleave-deployment-cart-ingress", Shop, default);
        after!.Metadata.ResourceVersion.ShouldBe(before!.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Telemetry_reaches_the_collector_until_an_upgrade_disables_it()
    {
        await using var installed = new Installation(node);
        var endpoint = $"--set=global.telemetry.endpoint={node.Collector.Endpoint.OriginalString.TrimEnd('/')}";
        await installed.InstallAsync(Checkout.Chart, endpoint, "--set=global.telemetry.flushInterval=1s");
        await DeclareAsync("checkout", "cart");
        await node.Collector.WaitForAsync(
            collector => collector.Records.Any(record => record.EventType == "STARTED") && collector.Records.Any(record => record.EventType == "INTENTS_APPLIED"),
            Deadline, "STARTED and INTENTS_APPLIED");

        await installed.UpgradeAsync("--reuse-values", "--set=global.telemetry.enabled=false");
        var connections = node.Collector.Connections;
        await DeclareAsync("browser", "checkout");
        await _cluster.WaitUntilAppliedAsync(Shop, "browser");
        // The operator would flush for the last time when it stops.
        await installed.UninstallAsync();
        node.Collector.Connections.ShouldBe(connections);
    }

    [Fact]
    public async Task The_second_replica_takes_over_when_the_Pod_of_the_leader_is_deleted()
    {
        await using var installed = new Installation(node);
        await installed.InstallAsync(Checkout.Chart, "--set=replicas=2");
        await DeclareAsync("checkout", "cart");
        await _cluster.WaitUntilAppliedAsync(Shop, "checkout");
        var leader = await HolderAsync();

        await installed.KubectlAsync("delete", "pod", leader, $"--namespace={Installation.Namespace}", "--wait=false");
        await node.Figures.TimeAsync("an edit made when the leader's Pod is deleted, in force", async () =>
        {
            await DeclareAsync("checkout", "payment");
            await _cluster.WaitUntilAppliedAsync(Shop, "checkout");
        });

        (await HolderAsync()).ShouldNotBe(leader);
        await installed.KubectlAsync("rollout", "status", $"deployment/{Installation.Name}", $"--namespace={Installation.Namespace}", "--timeout=60s");
        await installed.UninstallAsync();
        await Poll.UntilAsync("the lease to be deleted", async _ => (await installed.LeftAsync()).Count == 0, Deadline, default);
    }

    [Fact]
    public async Task Enforces_a_thousand_ClientIntents_within_the_memory_limit_of_the_Pod()
    {
        await using var installed = new Installation(node);
        await installed.InstallAsync();
        await _cluster.CreateNamespaceAsync("crowd");
        await node.Figures.TimeAsync("1,000 Deployments and ClientIntents made and enforced", async () =>
        {
            await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, token) =>
            {
                await _cluster.ApplyAsync(Yaml.Workload("crowd", $"server-{number}"), token);
                await _cluster.ApplyAsync(Yaml.Intents("crowd", $"client-{number}", $"[{{kubernetes: {{name: server-{number}}}}}]"), token);
            });
            await Poll.UntilAsync("1,000 policies", async token => (await _cluster.PolicyNamesAsync("crowd", token)).Count == 1000, TimeSpan.FromMinutes(3), default);
        });
        node.Figures.AddMemory("resident, with 1,000 ClientIntents and Deployments", Installation.ResidentMemory());
        (await installed.KubectlAsync("get", "pods", $"--namespace={Installation.Namespace}", "--output=jsonpath={.items[*].status.containerStatuses[*].restartCount}")).ShouldBe("0");
        await installed.KubectlAsync("delete", "namespace", "crowd");
    }

    private static string User => $"system:serviceaccount:{Installation.Namespace}:{Installation.Name}";

    private async Task DeclareAsync(string client, string server)
    {
        await _cluster.CreateNamespaceAsync(Shop);
        await _cluster.ApplyAsync(Yaml.Workload(Shop, client));
        await _cluster.ApplyAsync(Yaml.Workload(Shop, server));
        await Poll.UntilAsync("the definitions to be served", async token =>
        {
            await _cluster.ApplyAsync(Yaml.Intents(Shop, client, $"[{{kubernetes: {{name: {server}}}}}]"), token);
            return true;
        }, Deadline, default);
    }

    private Task<V1ConfigMap?> LedgerAsync(CancellationToken cancellationToken) =>
        _cluster.Client.GetAsync<V1ConfigMap>("wayleave-telemetry", Installation.Namespace, cancellationToken);

    private async Task<string> HolderAsync() =>
        (await _cluster.Client.GetAsync<V1Lease>(Installation.Name, Installation.Namespace, default))!.Spec!.HolderIdentity!.Split('_')[0];
}
