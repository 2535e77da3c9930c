using Wayleave.Api;
using Wayleave.Testing.Operators;
using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class ChangedIntentsTests(SharedCluster shared) : EnforcementTest(shared)
{
    [Fact]
    public async Task An_edit_takes_the_old_rules_away_and_brings_the_new()
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
    public async Task An_edit_of_the_client_gives_its_rules_to_another()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout", "admin");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]", "calls"));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "checkout")));
        await ApplyAsync(Yaml.Intents(shop, "admin", "[{kubernetes: {name: cart}}]", "calls"));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "admin")));
    }

    [Fact]
    public async Task Deleting_one_of_two_callers_leaves_the_other()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout", "admin");
        var checkout = Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]");
        await ApplyAsync(checkout, Yaml.Intents(shop, "admin", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "admin"), From(shop, "checkout")));
        await Cluster.DeleteAsync(checkout);
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "admin")));
    }

    [Fact]
    public async Task After_a_deletion_nothing_is_left_anywhere()
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
    public async Task One_that_is_deleted_and_made_anew_is_in_force_again()
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
    public async Task One_that_is_deleted_while_a_finalizer_of_somebody_else_holds_it_no_longer_counts()
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
    public async Task An_edit_that_changes_no_meaning_writes_no_policy()
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
