using Wayleave.Api;
using Wayleave.Testing.Operators;
using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class ChangedIntentsTests(SharedCluster shared) : EnforcementTest(shared)
{
    [Fact]
    public async Task An_edit_replaces_the_old_rules_with_the_new_ones()
    {
        var data = await NewNamespaceWithAsync("orders");
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", $"[{{kubernetes: {{name: cart}}}}, {{kubernetes: {{name: orders.{data}}}}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", $"[{{kubernetes: {{name: orders.{data}, ports: [80]}}}}]"));

        var intents = await Cluster.UntilEnforcedAsync(shop, "checkout");
        intents.Status!.ObservedGeneration.ShouldBe(2);
        await Cluster.UntilPoliciesAsync(shop);
        Of((await Cluster.FindPolicyAsync(data, PolicyName("orders")))!).ShouldBe(Allow("orders", From(shop, "checkout", 80)));
    }

    [Fact]
    public async Task An_edit_of_the_client_moves_the_rules_to_the_new_client()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout", "admin");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]", "calls"));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "checkout")));
        await ApplyAsync(Yaml.Intents(shop, "admin", "[{kubernetes: {name: cart}}]", "calls"));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "admin")));
    }

    [Fact]
    public async Task Deleting_the_intents_of_one_of_two_callers_keeps_the_rule_of_the_other()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout", "admin");
        var checkout = Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]");
        await ApplyAsync(checkout, Yaml.Intents(shop, "admin", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "admin"), From(shop, "checkout")));
        await Cluster.DeleteAsync(checkout);
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "admin")));
    }

    [Fact]
    public async Task Deleting_the_intents_removes_their_policies_in_all_namespaces()
    {
        var data = await NewNamespaceWithAsync("orders");
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Workloads.Service(data, "redis", "{selector: {app: redis}, ports: [{port: 6379, protocol: TCP}]}"));
        var intents = Yaml.Intents(shop, "checkout", $"[{{kubernetes: {{name: cart}}}}, {{kubernetes: {{name: orders.{data}}}}}, {{service: {{name: redis.{data}}}}}]");
        await ApplyAsync(intents);
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        (await Cluster.PolicyNamesAsync(data)).Count.ShouldBe(2);
        await Cluster.DeleteAsync(intents);
        await Cluster.UntilPoliciesAsync(shop);
        await Cluster.UntilPoliciesAsync(data);
    }

    [Fact]
    public async Task Enforces_intents_that_are_deleted_and_created_again()
    {
        var shop = await NewNamespaceWithAsync("cart", "orders", "checkout");
        var before = Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]");
        await ApplyAsync(before);
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await Cluster.DeleteAsync(before);
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: orders}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await Cluster.UntilPoliciesAsync(shop, PolicyName("orders"));
    }

    [Fact]
    public async Task Removes_the_policy_of_deleted_intents_that_a_foreign_finalizer_keeps()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        var intents = Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]");
        await ApplyAsync(intents.Replace("metadata: {", "metadata: {finalizers: [example.com/held], ", StringComparison.Ordinal));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await Cluster.DeleteAsync(intents);
        await Cluster.UntilPoliciesAsync(shop);
        (await Cluster.Client.GetAsync<ClientIntents>("checkout", shop, CancellationToken.None)).ShouldNotBeNull();
        await KubectlAsync("patch", "clientintents", "checkout", $"--namespace={shop}", "--type=merge", "--patch={\"metadata\":{\"finalizers\":null}}");
    }

    [Fact]
    public async Task An_equivalent_edit_writes_no_policy()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart, ports: [80, 81]}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        var before = await Cluster.FindPolicyAsync(shop, PolicyName("cart"));
        await ApplyAsync(Yaml.Intents(shop, "checkout", $"[{{kubernetes: {{name: cart.{shop}, kind: Deployment, ports: [81, 80]}}}}]"));
        (await Cluster.UntilEnforcedAsync(shop, "checkout")).Status!.ObservedGeneration.ShouldBe(2);
        var after = await Cluster.FindPolicyAsync(shop, PolicyName("cart"));
        after!.Metadata.ResourceVersion.ShouldBe(before!.Metadata.ResourceVersion);
    }
}
