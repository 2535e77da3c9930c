using System.Net;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class ChangingNamespaceTests(SharedCluster shared) : EnforcementTest(shared)
{
    private ServerVersion Version => Cluster.ControlPlane.Version;

    private bool SetsNameLabel => Version.Minor >= 21;

    [Fact]
    public async Task Writes_the_policy_when_the_namespace_and_the_server_are_created_later()
    {
        var shop = await NewNamespaceWithAsync("checkout");
        var data = $"{shop}-data";
        await ApplyAsync(Yaml.Intents(shop, "checkout", $"[{{kubernetes: {{name: orders.{data}}}}}]"));
        var awaited = await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.NamespaceNotFound);
        awaited.Status!.Targets![0].Message.ShouldBe($"spec.targets[0].kubernetes.name: there is no namespace \"{data}\", or it is being deleted; create it, or correct the name");

        await Cluster.CreateNamespaceAsync(data);
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.WorkloadNotFound);
        await ApplyAsync(Yaml.Workload(data, "orders"));
        await Cluster.UntilPolicyAsync(data, PolicyName("orders"), Allow("orders", From(shop, "checkout")));
    }

    [SkippableFact]
    public async Task On_1_20_allows_a_caller_when_its_namespace_gets_the_name_label()
    {
        Skip.If(SetsNameLabel, $"{Version} sets the label itself.");
        var data = await NewNamespaceWithAsync("orders");
        var shop = $"{data}-shop";
        await ApplyAsync(
            $"{{apiVersion: v1, kind: Namespace, metadata: {{name: {shop}}}}}",
            Yaml.Workload(shop, "checkout"),
            Yaml.Intents(shop, "checkout", $"[{{kubernetes: {{name: orders.{data}}}}}]"));
        var intents = await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.NamespaceLabelMissing);
        intents.Status!.Conditions!.ShouldContain(condition => condition.Type == ConditionTypes.Stalled);
        await Cluster.UntilPolicyAsync(data, PolicyName("orders"), Allow("orders"));

        await Cluster.CreateNamespaceAsync(shop);
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await Cluster.UntilPolicyAsync(data, PolicyName("orders"), Allow("orders", From(shop, "checkout")));
    }

    [SkippableFact]
    public async Task Since_1_21_allows_a_caller_whose_namespace_was_created_without_the_name_label()
    {
        Skip.IfNot(SetsNameLabel, $"{Version} does not set the label.");
        var data = await NewNamespaceWithAsync("orders");
        var shop = $"{data}-shop";
        await ApplyAsync(
            $"{{apiVersion: v1, kind: Namespace, metadata: {{name: {shop}}}}}",
            Yaml.Workload(shop, "checkout"),
            Yaml.Intents(shop, "checkout", $"[{{kubernetes: {{name: orders.{data}}}}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await Cluster.UntilPolicyAsync(data, PolicyName("orders"), Allow("orders", From(shop, "checkout")));

        await KubectlAsync("label", "namespace", shop, "kubernetes.io/metadata.name-");
        (await Cluster.Client.GetAsync<V1Namespace>(shop, null, CancellationToken.None))!.Metadata.Labels!.ShouldContainKeyAndValue("kubernetes.io/metadata.name", shop);
    }

    [Fact]
    public async Task Deleting_the_namespace_of_a_caller_completes_and_removes_its_rules()
    {
        var data = await NewNamespaceWithAsync("orders", "report");
        var shop = await NewNamespaceWithAsync("checkout", "cart");
        await ApplyAsync(
            Yaml.Intents(data, "report", "[{kubernetes: {name: orders}}]"),
            Yaml.Intents(shop, "checkout", $"[{{kubernetes: {{name: orders.{data}}}}}, {{kubernetes: {{name: cart}}}}]"),
            Yaml.Protection(shop, "cart"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await DeleteNamespaceAsync(shop);
        await Cluster.UntilPolicyAsync(data, PolicyName("orders"), Allow("orders", From(data, "report")));
        (await Cluster.UntilEnforcedAsync(data, "report")).Status!.Enforced.ShouldBe("1/1");
    }

    [Fact]
    public async Task Deleting_the_namespace_of_a_server_completes_and_recreating_it_restores_the_policy()
    {
        var data = await NewNamespaceWithAsync("orders");
        var shop = await NewNamespaceWithAsync("checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", $"[{{kubernetes: {{name: orders.{data}}}}}]"), Yaml.Protection(data, "orders"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await DeleteNamespaceAsync(data);
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.NamespaceNotFound);

        await Cluster.CreateNamespaceAsync(data);
        await ApplyAsync(Yaml.Workload(data, "orders"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await Cluster.UntilPolicyAsync(data, PolicyName("orders"), Allow("orders", From(shop, "checkout")));
    }

    [Fact]
    public async Task Logs_no_problem_while_a_namespace_with_intents_terminates()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(
            $"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: held, namespace: {shop}, finalizers: [example.com/held]}}}}",
            Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await KubectlAsync("delete", "namespace", shop, "--wait=false");
        await Cluster.UntilPoliciesAsync(shop);
        await Poll.UntilAsync(
            "the intents to be gone", async token => await Cluster.Client.GetAsync<ClientIntents>("checkout", shop, token) is null, Poll.Patience, CancellationToken.None);
        var refused = await Should.ThrowAsync<HttpRequestException>(() => ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]")));
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        await KubectlAsync("patch", "configmap", "held", $"--namespace={shop}", "--type=merge", "--patch={\"metadata\":{\"finalizers\":null}}");
        await UntilGoneAsync(shop);
        Operator.Log.Where(line => line.Contains($"\"{shop}\"", StringComparison.Ordinal) && !line.Contains("\"Information\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private async Task DeleteNamespaceAsync(string name)
    {
        await KubectlAsync("delete", "namespace", name, "--wait=false");
        await UntilGoneAsync(name);
    }

    // The controller manager is slow: it starts after five seconds, and takes as long again for what it finds.
    private Task UntilGoneAsync(string name) => Poll.UntilAsync(
        $"namespace {name} to be gone", async token => await Cluster.Client.GetAsync<V1Namespace>(name, null, token) is null, Poll.Patience, CancellationToken.None);
}
