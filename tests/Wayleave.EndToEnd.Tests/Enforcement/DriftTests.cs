using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class DriftTests(SharedCluster shared) : EnforcementTest(shared)
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);
    private static readonly string CartPolicy = PolicyName("cart");

    [Theory]
    [InlineData("""{"spec": {"ingress": null}}""")]
    [InlineData("""{"spec": {"ingress": [{}]}}""")]
    [InlineData("""{"spec": {"podSelector": {"matchLabels": {"app": "none"}}}}""")]
    [InlineData("""{"spec": {"podSelector": {"matchLabels": {"canary": "true"}}}}""")]
    [InlineData("""{"spec": {"podSelector": {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}}}""")]
    [InlineData("""{"spec": {"policyTypes": ["Egress"]}}""")]
    [InlineData("""{"spec": {"policyTypes": ["Ingress", "Egress"], "egress": []}}""")]
    [InlineData("""{"metadata": {"labels": {"app.kubernetes.io/managed-by": null}}}""")]
    [InlineData("""{"metadata": {"labels": {"app.kubernetes.io/managed-by": "Helm", "wayleave.dev/direction": "sideways"}}}""")]
    [InlineData("""{"metadata": {"labels": null, "annotations": null}}""")]
    [InlineData("""{"metadata": {"annotations": {"wayleave.dev/workload": "nonsense"}}}""")]
    [InlineData("""{"metadata": {"annotations": {"wayleave.dev/workload": "Deployment/kube-system/cart"}}}""")]
    [InlineData("""{"metadata": {"labels": {"wayleave.dev/direction": "egress"}}, "spec": {"ingress": [{}]}}""")]
    public async Task Reverts_an_edited_policy_within_a_second(string edit)
    {
        var shop = await EnforcedAsync();
        var edited = await EditAsync(shop, edit);
        await UntilRevertedAsync(shop, edited);
    }

    [Fact]
    public async Task Reverts_a_policy_whose_annotation_names_another_server()
    {
        var shop = await EnforcedAsync();
        var edited = await EditAsync(shop, $$$$"""{"metadata": {"annotations": {"wayleave.dev/workload": "Deployment/{{{{shop}}}}/checkout"}}}""");
        await UntilRevertedAsync(shop, edited);
        (await Cluster.PolicyNamesAsync(shop)).ShouldBe([CartPolicy]);
    }

    [Fact]
    public async Task Recreates_a_deleted_policy_within_a_second()
    {
        var shop = await EnforcedAsync();
        (await Cluster.Client.DeleteAsync<V1NetworkPolicy>(CartPolicy, shop, preconditions: null, CancellationToken.None)).ShouldBeTrue();
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart", From(shop, "checkout")), AtOnce);
    }

    [Fact]
    public async Task Reverts_a_policy_that_another_manager_applied_by_force_and_keeps_its_label()
    {
        var shop = await EnforcedAsync();
        var before = await Cluster.FindPolicyAsync(shop, CartPolicy);
        await ApplyAsync(
            $$$"""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: {{{CartPolicy}}}, namespace: {{{shop}}}, labels: {team: shop}}
            spec: {podSelector: {matchLabels: {app: cart, tier: front}}, policyTypes: [Ingress], ingress: [{}]}
            """);
        var reverted = await UntilRevertedAsync(shop, before!);
        reverted.Metadata.Labels!["team"].ShouldBe("shop", "a label of another manager was removed");
    }

    [Fact]
    public async Task Ignores_labels_and_annotations_of_others()
    {
        var shop = await EnforcedAsync();
        var edited = await EditAsync(shop, """{"metadata": {"labels": {"team": "shop"}, "annotations": {"note": "ours"}}}""");

        // The operator would have reacted to the edit before it has enforced the next intents.
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: checkout}}]", "marker"));
        await Cluster.UntilEnforcedAsync(shop, "marker");
        (await Cluster.FindPolicyAsync(shop, CartPolicy))!.Metadata.ResourceVersion.ShouldBe(edited.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Leaves_a_copy_of_its_policy_under_another_name_alone()
    {
        var shop = await EnforcedAsync();
        await ApplyAsync(
            $$$"""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: copy
              namespace: {{{shop}}}
              labels: {app.kubernetes.io/managed-by: wayleave, wayleave.dev/direction: ingress}
              annotations: {wayleave.dev/workload: Deployment/{{{shop}}}/cart}
            spec: {podSelector: {matchLabels: {app: cart}}, policyTypes: [Ingress]}
            """);
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart, ports: [80]}}]"));
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart", From(shop, "checkout", 80)));
        await Cluster.DeleteAsync(Yaml.Intents(shop, "checkout", "[]"));
        await Cluster.UntilPoliciesAsync(shop, "copy");
    }

    private async Task<string> EnforcedAsync()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        return shop;
    }

    private Task<V1NetworkPolicy> EditAsync(string @namespace, string patch) => Cluster.Client.PatchAsync<V1NetworkPolicy>(
        CartPolicy, @namespace, new V1Patch(patch, V1Patch.PatchType.MergePatch), CancellationToken.None);

    private async Task<V1NetworkPolicy> UntilRevertedAsync(string shop, V1NetworkPolicy before)
    {
        var spec = Allow("cart", From(shop, "checkout"));
        V1NetworkPolicy? seen = null;
        await Poll.UntilAsync(
            "the policy to be as it was",
            async token =>
            {
                seen = await Cluster.Client.GetAsync<V1NetworkPolicy>(CartPolicy, shop, token);
                return seen is null ? "no policy" : $"{Marks(seen)} {Of(seen)}";
            },
            text => text == $"wayleave ingress Deployment/{shop}/cart {spec}",
            AtOnce,
            CancellationToken.None);
        seen!.Metadata.ResourceVersion.ShouldNotBe(before.Metadata.ResourceVersion);
        return seen;
    }

    private static string Marks(V1NetworkPolicy policy) => string.Join(
        ' ',
        policy.Metadata.Labels.Find(WayleaveLabels.ManagedBy),
        policy.Metadata.Labels.Find(WayleaveLabels.Direction),
        policy.Metadata.Annotations.Find(WayleaveLabels.Workload));
}
