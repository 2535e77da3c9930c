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

    private bool SetsLabelOfName => Version.Minor >= 21;

    [Fact]
    public async Task A_namespace_that_is_created_after_the_intent_gets_its_policy_then()
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
    public async Task On_1_20_a_caller_in_a_namespace_without_the_label_of_its_name_is_allowed_when_the_label_comes()
    {
        Skip.If(SetsLabelOfName, $"{Version} sets the label itself.");
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
    public async Task Since_1_21_a_caller_in_a_namespace_that_was_created_without_the_label_of_its_name_is_allowed()
    {
        Skip.IfNot(SetsLabelOfName, $"{Version} does not set the label.");
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
    public async Task Deleting_the_namespace_of_the_caller_takes_its_rules_away_and_hangs_on_nothing()
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
    public async Task Deleting_the_namespace_of_the_server_hangs_on_nothing_and_its_return_is_noticed()
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
    public async Task What_is_declared_in_a_namespace_that_is_going_is_left_to_go()
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

    // The controller manager takes its time: five seconds until it begins, and again for what it found.
    private Task UntilGoneAsync(string name) => Poll.UntilAsync(
        $"namespace {name} to be gone", async token => await Cluster.Client.GetAsync<V1Namespace>(name, null, token) is null, Poll.Patience, CancellationToken.None);
}
