using System.Net;
using System.Text.RegularExpressions;
using Wayleave.Api;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>Invalid input is rejected or reported, and a valid target beside it stays enforced.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed partial class BadInputTests(SharedCluster shared) : EnforcementTest(shared)
{
    [Theory]
    [InlineData("[{}]", "spec.targets")]
    [InlineData("[{kubernetes: {name: cart}, service: {name: cart}}]", "spec.targets")]
    [InlineData("[]", "spec.targets")]
    [InlineData("[{kubernetes: {name: cart, kind: Carrier}}]", "spec.targets.kubernetes.kind")]
    [InlineData("[{kubernetes: {name: cart, kind: deployment}}]", "spec.targets.kubernetes.kind")]
    [InlineData("[{kubernetes: {name: cart, ports: [0]}}]", "spec.targets.kubernetes.ports")]
    [InlineData("[{kubernetes: {name: cart, ports: [80, 65536]}}]", "spec.targets.kubernetes.ports")]
    [InlineData("[{kubernetes: {name: cart, ports: [\"53/ICMP\"]}}]", "spec.targets.kubernetes.ports")]
    [InlineData("[{internet: {ips: [203.0.113.7], ports: [https]}}]", "spec.targets.internet.ports")]
    [InlineData("[{service: {name: cart, ports: [-1]}}]", "spec.targets.service.ports")]
    [InlineData("[{kubernetes: {name: Cart_1}}]", "spec.targets.kubernetes.name")]
    public async Task The_API_server_rejects_targets_that_violate_the_schema_and_the_policy_stays(string targets, string field)
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        var before = await Cluster.FindPolicyAsync(shop, PolicyName("cart"));

        var refused = await Should.ThrowAsync<HttpRequestException>(() => ApplyAsync(Yaml.Intents(shop, "checkout", targets)));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        Index().Replace(refused.Message, "").ShouldContain(field);
        (await Cluster.FindPolicyAsync(shop, PolicyName("cart")))!.Metadata.ResourceVersion.ShouldBe(before!.Metadata.ResourceVersion);
        (await Cluster.UntilEnforcedAsync(shop, "checkout")).Status!.ObservedGeneration.ShouldBe(1);
    }

    [Fact]
    public async Task Rejects_a_target_of_an_unknown_type()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        var created = await Cluster.ControlPlane.KubectlAsync(
            ["create", "--validate=false", "--filename=-"], Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}, {carrierPigeon: {name: cart}}]"));
        created.ExitCode.ShouldBe(1);
        created.Error.ShouldContain("spec.targets");
        (await Cluster.PolicyNamesAsync(shop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reports_a_missing_workload_as_pending()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: card}}, {kubernetes: {name: cart}}]"));
        await ExpectAsync(
            shop, Reasons.WorkloadNotFound, "Pending", $"spec.targets[0].kubernetes.name: no workload is named \"card\" in namespace \"{shop}\"; create it, correct the name, or name Pods of another controller with spec.targets[0].kubernetes.selector");
    }

    [Fact]
    public async Task Reports_the_actual_kind_of_a_workload_when_the_declared_kind_differs()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout", "orders");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: orders, kind: StatefulSet}}, {kubernetes: {name: cart}}]"));
        await ExpectAsync(
            shop, Reasons.WorkloadNotFound, "Pending", $"spec.targets[0].kubernetes.kind: \"orders\" in namespace \"{shop}\" is a Deployment, not a StatefulSet; correct the kind");
    }

    [Fact]
    public async Task Reports_a_missing_client()
    {
        var shop = await NewNamespaceWithAsync("cart");
        await ApplyAsync(Yaml.Intents(shop, "checkuot", "[{kubernetes: {name: cart}}]"));
        var intents = await Cluster.UntilIntentsAsync(shop, "checkuot", "False", Reasons.ClientNotFound);
        intents.Status!.Targets![0].Message.ShouldBe($"spec.workload.name: no workload is named \"checkuot\" in namespace \"{shop}\"; create it, correct the name, or name Pods of another controller with spec.workload.selector");
    }

    [Fact]
    public async Task Reports_an_ambiguous_name_until_the_kind_is_given()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout", "orders");
        await ApplyAsync(Yaml.Workload(shop, "orders", "DaemonSet"));
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: orders}}, {kubernetes: {name: cart}}]"));
        await ExpectAsync(
            shop, Reasons.AmbiguousWorkload, "Failed", $"spec.targets[0].kubernetes.kind: more than one workload is named \"orders\" in namespace \"{shop}\": a Deployment and a DaemonSet; set kind");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: orders, kind: DaemonSet}}, {kubernetes: {name: cart}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await Cluster.UntilPoliciesAsync(shop, PolicyName("cart"), PolicyName("orders", "daemonset"));
    }

    [Fact]
    public async Task Reports_a_missing_namespace_as_pending()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: orders.nowhere}}, {kubernetes: {name: cart}}]"));
        await ExpectAsync(
            shop, Reasons.NamespaceNotFound, "Pending", "spec.targets[0].kubernetes.name: there is no namespace \"nowhere\", or it is being deleted; create it, or correct the name");
    }

    [Fact]
    public async Task Reports_a_missing_Cluster_and_enforces_nothing_in_the_local_one()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        var elsewhere = Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]").Replace("  targets:", "  clusters: {names: [east]}\n  targets:", StringComparison.Ordinal);
        await ApplyAsync(elsewhere);
        var intents = await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.ClusterNotFound);
        intents.Status!.Targets![0].Message.ShouldStartWith("cluster east: spec.clusters.names: there is no Cluster of that name");
        (await Cluster.PolicyNamesAsync(shop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_workload_that_selects_every_Pod_never_gets_a_policy()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(
            $"{{apiVersion: v1, kind: Pod, metadata: {{name: bare, namespace: {shop}}}, spec: {{containers: [{{name: main, image: none}}]}}}}",
            Yaml.Intents(shop, "checkout", "[{kubernetes: {name: bare}}, {kubernetes: {name: cart}}]"));
        await ExpectAsync(
            shop, Reasons.EmptySelector, "Failed", $"spec.targets[0].kubernetes.name: the Pod \"bare\" in namespace \"{shop}\" selects every Pod of the namespace; give its Pods labels of their own");
    }

    // The first target is bad, the second, cart, is good.
    private async Task ExpectAsync(string shop, string reason, string state, string message)
    {
        var intents = await Cluster.UntilIntentsAsync(shop, "checkout", "False", reason);
        intents.Status!.Enforced.ShouldBe("1/2");
        intents.Status.Targets!.Select(target => $"{target.State} {target.Reason}").ShouldBe([$"{state} {reason}", "Enforced Enforced"]);
        intents.Status.Targets![0].Message.ShouldBe(message);
        intents.Status.Conditions!.Select(condition => condition.Type).ShouldBe([ConditionTypes.Ready, state == "Failed" ? ConditionTypes.Stalled : ConditionTypes.Reconciling], ignoreOrder: true);
        (await Cluster.PolicyNamesAsync(shop)).ShouldBe([PolicyName("cart")]);
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "checkout")));
        await Poll.UntilAsync(
            $"a Warning {reason} about it",
            async _ => (await Cluster.EventsAsync(shop, "checkout")).Contains($"Warning {reason}"),
            Poll.Patience,
            CancellationToken.None);
    }

    // The index of a list in a path: API servers such as 1.20 leave it out.
    [GeneratedRegex("\\[[0-9]+\\]", RegexOptions.None, 1000)]
    private static partial Regex Index();
}
