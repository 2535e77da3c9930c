using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Operators;

using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class LeftAloneTests(SharedCluster shared) : EnforcementTest(shared)
{
    [Theory]
    [InlineData("kube-system")]
    [InlineData("kube-public")]
    [InlineData("kube-node-lease")]
    [InlineData("wayleave-system")]
    public async Task Writes_no_policy_in_system_namespaces(string system)
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(
            Yaml.Workload(system, $"{shop}-dns"),
            Yaml.Intents(shop, "checkout", $"[{{kubernetes: {{name: {shop}-dns.{system}}}}}, {{kubernetes: {{name: cart}}}}]"),
            Yaml.Protection(system, $"{shop}-dns"));

        var intents = await Cluster.UntilIntentsAsync(shop, "checkout", "True", Reasons.PartiallyEnforced);
        intents.Status!.Targets!.Select(target => $"{target.State} {target.Reason}").ShouldBe([$"Disabled {Reasons.SystemNamespace}", "Enforced Enforced"]);
        await Cluster.UntilProtectionAsync(system, $"{shop}-dns", "True", Reasons.SystemNamespace);
        (await Cluster.PolicyNamesAsync(system)).ShouldBeEmpty();
        await Cluster.DeleteAsync(Yaml.Protection(system, $"{shop}-dns"));
        await Cluster.DeleteAsync(Yaml.Workload(system, $"{shop}-dns"));
    }

    [Fact]
    public async Task Never_writes_Pods()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Workloads.Pod(shop, "cart-0", "cart"), Workloads.Pod(shop, "checkout-0", "checkout"), Workloads.Pod(shop, "bare", "bare"));
        var before = await PodsAsync(shop);
        var intents = Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}, {kubernetes: {name: bare, kind: Pod}}]");
        await ApplyAsync(intents, Yaml.Protection(shop, "cart"), Yaml.Intents(shop, "bare", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await Cluster.UntilEnforcedAsync(shop, "bare");
        await Cluster.DeleteAsync(intents);
        await Cluster.UntilPoliciesAsync(shop, PolicyName("cart"));
        (await PodsAsync(shop)).ShouldBe(before);
    }

    [Fact]
    public async Task Never_writes_policies_of_others()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(
            $$$"""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: default-deny, namespace: {{{shop}}}, annotations: {wayleave.dev/workload: Deployment/{{{shop}}}/cart}}
            spec: {podSelector: {}, policyTypes: [Ingress]}
            """);
        var before = await Cluster.FindPolicyAsync(shop, "default-deny");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "checkout")));
        await Cluster.DeleteAsync(Yaml.Intents(shop, "checkout", "[]"));
        await Cluster.UntilPoliciesAsync(shop, "default-deny");
        (await Cluster.FindPolicyAsync(shop, "default-deny"))!.Metadata.ResourceVersion.ShouldBe(before!.Metadata.ResourceVersion);
    }

    private async Task<IReadOnlyList<string>> PodsAsync(string @namespace)
    {
        var page = await Cluster.Client.ListAsync<PartialPod>(new ListOptions { Namespace = @namespace }, CancellationToken.None);
        return [.. page.Items.Select(pod => $"{pod.Metadata.Name} {pod.Metadata.ResourceVersion}").Order(StringComparer.Ordinal)];
    }
}
