using Wayleave.Testing.Operators;
using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class IngressPolicyTests(SharedCluster shared) : EnforcementTest(shared)
{
    [Fact]
    public async Task Writes_a_policy_for_the_server_of_a_declared_call()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");

        (await Cluster.PolicyNamesAsync(shop)).ShouldBe(["wayleave-deployment-cart-ingress"]);
        var policy = (await Cluster.FindPolicyAsync(shop, "wayleave-deployment-cart-ingress"))!;
        Of(policy).ShouldBe(Of(
            $$$"""
            podSelector: {matchLabels: {app: cart}}
            policyTypes: [Ingress]
            ingress:
            - from:
              - podSelector: {matchLabels: {app: cart}}
            - from:
              - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{{shop}}}}}
                podSelector: {matchLabels: {app: checkout}}
            """));
        policy.Metadata.Labels.ShouldBe(new Dictionary<string, string> { ["app.kubernetes.io/managed-by"] = "wayleave", ["wayleave.dev/direction"] = "ingress" }, ignoreOrder: true);
        policy.Metadata.Annotations!.Keys.ShouldBe(["wayleave.dev/workload", "wayleave.dev/installation"], ignoreOrder: true);
        policy.Metadata.Annotations["wayleave.dev/workload"].ShouldBe($"Deployment/{shop}/cart");
        policy.Metadata.ManagedFields!.Select(entry => entry.Manager).ShouldBe(["wayleave"]);
    }

    [Fact]
    public async Task Writes_the_policy_in_the_namespace_of_the_server()
    {
        var data = await NewNamespaceWithAsync("orders");
        var shop = await NewNamespaceWithAsync("checkout", "orders");
        await ApplyAsync(Yaml.Intents(shop, "checkout", $"[{{kubernetes: {{name: orders.{data}}}}}]"));
        await Cluster.UntilPolicyAsync(data, PolicyName("orders"), Allow("orders", From(shop, "checkout")));
        (await Cluster.PolicyNamesAsync(shop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_kind_selects_one_of_two_workloads_with_the_same_name()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(
            Yaml.Workload(shop, "cart", "StatefulSet"),
            Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart, kind: StatefulSet}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        (await Cluster.PolicyNamesAsync(shop)).ShouldBe(["wayleave-statefulset-cart-ingress"]);
    }

    [Theory]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    [InlineData("ReplicaSet")]
    public async Task Workloads_of_every_kind_may_call_and_be_called_without_a_kind(string kind)
    {
        var shop = await NewNamespaceAsync();
        await ApplyAsync(
            Yaml.Workload(shop, "cart", kind), Yaml.Workload(shop, "checkout", kind), Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilPolicyAsync(shop, $"wayleave-{kind.ToLowerInvariant()}-cart-ingress", Allow("cart", From(shop, "checkout")));
    }

    [Fact]
    public async Task Selects_a_Job_by_its_stable_labels_and_a_bare_Pod_by_its_own()
    {
        var shop = await NewNamespaceAsync();
        await ApplyAsync(
            $$$"""
            apiVersion: batch/v1
            kind: Job
            metadata: {name: report, namespace: {{{shop}}}}
            spec:
              parallelism: 0
              template:
                metadata: {labels: {app: report, app.kubernetes.io/version: "7"}}
                spec: {restartPolicy: Never, containers: [{name: main, image: none}]}
            """,
            Workloads.Pod(shop, "cart", "cart"),
            Yaml.Intents(shop, "report", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart", "pod"), Allow("cart", From(shop, "report")));
    }

    [SkippableFact]
    public async Task Since_1_21_selects_a_CronJob_by_its_stable_labels()
    {
        Skip.If(Cluster.ControlPlane.Version.Minor < 21, $"{Cluster.ControlPlane.Version} does not serve CronJobs in batch/v1.");
        var shop = await NewNamespaceWithAsync("cart");
        await ApplyAsync(
            $$$"""
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: report, namespace: {{{shop}}}}
            spec:
              schedule: "0 0 1 1 *"
              jobTemplate:
                spec:
                  template:
                    metadata: {labels: {app: report, app.kubernetes.io/version: "7"}}
                    spec: {restartPolicy: Never, containers: [{name: main, image: none}]}
            """,
            Yaml.Intents(shop, "report", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "report")));
        await Cluster.UntilEnforcedAsync(shop, "report");
    }

    [Fact]
    public async Task Limits_a_caller_to_its_declared_ports_and_allows_all_ports_without_any()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout", "admin");
        await ApplyAsync(
            Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart, ports: [8443, 8080]}}]"),
            Yaml.Intents(shop, "admin", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "admin"), From(shop, "checkout", 8080, 8443)));
    }

    [Fact]
    public async Task Merges_the_callers_of_a_server_in_a_stable_order()
    {
        var data = await NewNamespaceWithAsync("orders", "report");
        var shop = await NewNamespaceWithAsync("checkout", "admin");
        var both = $"[{{kubernetes: {{name: orders.{data}, ports: [8080]}}}}, {{kubernetes: {{name: orders.{data}, ports: [8081, 8080]}}}}]";
        await ApplyAsync(
            Yaml.Intents(shop, "checkout", both),
            Yaml.Intents(shop, "checkout", $"[{{kubernetes: {{name: orders.{data}, ports: [443]}}}}]", "checkout-again"),
            Yaml.Intents(shop, "admin", $"[{{kubernetes: {{name: orders.{data}, kind: Deployment}}}}]"),
            Yaml.Intents(data, "report", "[{kubernetes: {name: orders}}]"));
        var spec = Allow("orders", From(data, "report"), From(shop, "admin"), From(shop, "checkout", 443, 8080, 8081));
        await Cluster.UntilPolicyAsync(data, PolicyName("orders"), spec);
        (await Cluster.PolicyNamesAsync(data)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Copies_a_selector_with_expressions_unchanged()
    {
        var shop = await NewNamespaceWithAsync("checkout");
        await ApplyAsync(
            Workloads.Deployment(shop, "cart", "{matchExpressions: [{key: app, operator: In, values: [cart, cart-canary]}]}", "{app: cart}"),
            Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        var spec = Allow("cart", From(shop, "checkout"))
            .Replace("{matchLabels: {app: cart}}", "{matchExpressions: [{key: app, operator: In, values: [cart, cart-canary]}]}", StringComparison.Ordinal);
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), spec);
    }
}
