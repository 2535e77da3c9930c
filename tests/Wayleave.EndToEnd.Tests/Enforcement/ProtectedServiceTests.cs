using Wayleave.Api;
using Wayleave.Testing.Operators;
using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class ProtectedServiceTests(SharedCluster shared) : EnforcementTest(shared)
{
    private static readonly string CartPolicy = PolicyName("cart");

    [Fact]
    public async Task Isolates_a_protected_server_before_its_first_caller_and_after_its_last()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Protection(shop, "cart"));
        await Cluster.UntilProtectionAsync(shop, "cart", "True", Reasons.Enforced);
        var closed = await Cluster.FindPolicyAsync(shop, CartPolicy);
        Of(closed!).ShouldBe(Allow("cart"));

        var intents = Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]");
        await ApplyAsync(intents);
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart", From(shop, "checkout")));
        await Cluster.DeleteAsync(intents);
        var after = await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart"));
        after.Metadata.Uid.ShouldBe(closed!.Metadata.Uid, "the policy was recreated, so the server was open for a moment");
    }

    [Fact]
    public async Task Deletes_the_policy_with_the_last_declaration_about_the_server()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        var intents = Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]");
        await ApplyAsync(Yaml.Protection(shop, "cart"), intents);
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart", From(shop, "checkout")));
        await Cluster.DeleteAsync(Yaml.Protection(shop, "cart"));
        await Cluster.DeleteAsync(intents);
        await Cluster.UntilPoliciesAsync(shop);
    }

    [Fact]
    public async Task Isolates_a_server_that_is_created_later()
    {
        var shop = await NewNamespaceAsync();
        await ApplyAsync(Yaml.Protection(shop, "cart"));
        var awaited = await Cluster.UntilProtectionAsync(shop, "cart", "False", Reasons.WorkloadNotFound);
        awaited.Status!.Conditions!.Select(condition => condition.Type).ShouldBe([ConditionTypes.Ready, ConditionTypes.Reconciling], ignoreOrder: true);
        await ApplyAsync(Yaml.Workload(shop, "cart"));
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart"));
        await Cluster.UntilProtectionAsync(shop, "cart", "True", Reasons.Enforced);
    }

    [Fact]
    public async Task An_edit_protects_the_new_server_and_no_longer_the_old()
    {
        var shop = await NewNamespaceWithAsync("cart", "orders");
        await ApplyAsync(Yaml.Protection(shop, "cart"));
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart"));
        await ApplyAsync(Yaml.Protection(shop, "cart").Replace("spec: {workload: {name: cart}}", "spec: {workload: {name: orders}}", StringComparison.Ordinal));
        await Cluster.UntilPoliciesAsync(shop, PolicyName("orders"));
        await Cluster.UntilProtectionAsync(shop, "cart", "True", Reasons.Enforced);
    }
}
