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
    public async Task Keeps_a_foreign_policy_with_its_name_and_writes_its_own_when_that_is_deleted(string labels)
    {
        var shop = await NewNamespaceWithAsync("cart", "orders", "checkout");
        var theirs = Foreign(shop, labels);
        await ApplyAsync(theirs);
        var before = await Cluster.FindPolicyAsync(shop, CartPolicy);
        await ApplyAsync(Yaml.Intents(shop, "checkout", Calls));

        var intents = await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.PolicyNameConflict);
        intents.Status!.Enforced.ShouldBe("1/2");
        intents.Status.Targets!.Select(target => $"{target.Name} {target.State}").ShouldBe([$"cart.{shop} Failed", $"orders.{shop} Enforced"]);
        intents.Status.Targets![0].Message.ShouldBe($"Wayleave does not manage the existing NetworkPolicy {CartPolicy}; rename or delete it");
        intents.Status.Conditions!.ShouldContain(condition => condition.Type == ConditionTypes.Stalled);
        (await Cluster.FindPolicyAsync(shop, CartPolicy))!.Metadata.ResourceVersion.ShouldBe(before!.Metadata.ResourceVersion);

        await Cluster.DeleteAsync(theirs);
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart", From(shop, "checkout")), TimeSpan.FromSeconds(1));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
    }

    [Fact]
    public async Task Keeps_the_foreign_policy_when_the_intents_are_deleted()
    {
        var shop = await NewNamespaceWithAsync("cart", "orders", "checkout");
        await ApplyAsync(Foreign(shop, "{app.kubernetes.io/managed-by: wayleave}"), Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.PolicyNameConflict);
        var before = await Cluster.FindPolicyAsync(shop, CartPolicy);
        await Cluster.DeleteAsync(Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilPoliciesAsync(shop, CartPolicy);
        (await Cluster.FindPolicyAsync(shop, CartPolicy))!.Metadata.ResourceVersion.ShouldBe(before!.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Reports_a_foreign_policy_that_is_edited_until_it_is_deleted()
    {
        var shop = await NewNamespaceWithAsync("cart", "orders", "checkout");
        var theirs = Foreign(shop, "{team: shop}");
        await ApplyAsync(theirs, Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.PolicyNameConflict);
        await ApplyAsync(Foreign(shop, "{team: data}"));
        await ApplyAsync(Yaml.Intents(shop, "checkout", Calls.Replace("cart", "cart, ports: [80]", StringComparison.Ordinal)));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.PolicyNameConflict);
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
