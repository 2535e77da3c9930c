using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing.Operators;

using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class TakenNameTests(SharedCluster shared) : EnforcementTest(shared)
{
    private const string Calls = "[{kubernetes: {name: cart}}, {kubernetes: {name: orders}}]";

    private static readonly string CartPolicy = PolicyName("cart");

    [Theory]
    [InlineData("{team: shop}")]
    [InlineData("{app.kubernetes.io/managed-by: wayleave, wayleave.dev/direction: ingress}")]
    public async Task A_policy_of_somebody_else_with_our_name_is_untouched_and_ours_comes_as_soon_as_it_has_gone(string labels)
    {
        var shop = await NewNamespaceWithAsync("cart", "orders", "checkout");
        var theirs = Foreign(shop, labels);
        await ApplyAsync(theirs);
        var before = await Cluster.FindPolicyAsync(shop, CartPolicy);
        await ApplyAsync(Yaml.Intents(shop, "checkout", Calls));

        var intents = await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.PolicyNameTaken);
        intents.Status!.Enforced.ShouldBe("1/2");
        intents.Status.Targets!.Select(target => $"{target.Name} {target.State}").ShouldBe([$"cart.{shop} Failed", $"orders.{shop} Enforced"]);
        intents.Status.Targets![0].Message.ShouldBe($"a NetworkPolicy named {CartPolicy} that is not Wayleave's is in the way (rename or delete it)");
        intents.Status.Conditions!.ShouldContain(condition => condition.Type == ConditionTypes.Stalled);
        (await Cluster.FindPolicyAsync(shop, CartPolicy))!.Metadata.ResourceVersion.ShouldBe(before!.Metadata.ResourceVersion);

        await Cluster.DeleteAsync(theirs);
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart", From(shop, "checkout")), TimeSpan.FromSeconds(1));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
    }

    [Fact]
    public async Task It_outlives_the_intents_too()
    {
        var shop = await NewNamespaceWithAsync("cart", "orders", "checkout");
        await ApplyAsync(Foreign(shop, "{app.kubernetes.io/managed-by: wayleave}"), Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.PolicyNameTaken);
        var before = await Cluster.FindPolicyAsync(shop, CartPolicy);
        await Cluster.DeleteAsync(Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilPoliciesAsync(shop, CartPolicy);
        (await Cluster.FindPolicyAsync(shop, CartPolicy))!.Metadata.ResourceVersion.ShouldBe(before!.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task One_that_changes_hands_for_another_is_still_in_the_way()
    {
        var shop = await NewNamespaceWithAsync("cart", "orders", "checkout");
        var theirs = Foreign(shop, "{team: shop}");
        await ApplyAsync(theirs, Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.PolicyNameTaken);
        await ApplyAsync(Foreign(shop, "{team: data}"));
        await ApplyAsync(Yaml.Intents(shop, "checkout", Calls.Replace("cart", "cart, ports: [80]", StringComparison.Ordinal)));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.PolicyNameTaken);
        (await Cluster.FindPolicyAsync(shop, CartPolicy))!.Metadata.Labels!["team"].ShouldBe("data");
        await Cluster.Client.DeleteAsync<V1NetworkPolicy>(CartPolicy, shop, preconditions: null, CancellationToken.None);
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart", From(shop, "checkout", 80)));
    }

    private static string Foreign(string @namespace, string labels) =>
        $$$"""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: {{{CartPolicy}}}, namespace: {{{@namespace}}}, labels: {{{labels}}}}
        spec: {podSelector: {matchLabels: {app: other}}, policyTypes: [Ingress], ingress: [{}]}
        """;
}
