using Wayleave.Api;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class ChangingWorkloadTests(SharedCluster shared) : EnforcementTest(shared)
{
    private const string Calls = "[{kubernetes: {name: cart}}]";

    private static readonly string CartPolicy = PolicyName("cart");

    [Fact]
    public async Task Writes_the_policy_when_the_server_is_created_later()
    {
        var shop = await NewNamespaceWithAsync("checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.WorkloadNotFound);
        (await Cluster.PolicyNamesAsync(shop)).ShouldBeEmpty();
        await ApplyAsync(Yaml.Workload(shop, "cart"));
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart", From(shop, "checkout")));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
    }

    [Fact]
    public async Task Isolates_a_server_until_its_only_caller_is_created()
    {
        var shop = await NewNamespaceWithAsync("cart");
        await ApplyAsync(Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.ClientNotFound);
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart"));
        await ApplyAsync(Yaml.Workload(shop, "checkout"));
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart", From(shop, "checkout")));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
    }

    [Fact]
    public async Task Updates_the_policy_when_a_server_or_a_caller_is_recreated_with_other_labels()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilEnforcedAsync(shop, "checkout");

        await Cluster.DeleteAsync(Yaml.Workload(shop, "cart"));
        await ApplyAsync(Workloads.Deployment(shop, "cart", "{matchLabels: {app: cart-v2}}", "{app: cart-v2}"));
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart-v2", From(shop, "checkout")));

        await Cluster.DeleteAsync(Yaml.Workload(shop, "checkout"));
        await ApplyAsync(Workloads.Deployment(shop, "checkout", "{matchLabels: {app: checkout-v2}}", "{app: checkout-v2}"));
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart-v2", From(shop, "checkout-v2")));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
    }

    [Fact]
    public async Task Updates_the_policy_when_a_bare_Pod_gets_other_labels()
    {
        var shop = await NewNamespaceWithAsync("checkout");
        await ApplyAsync(Workloads.Pod(shop, "cart", "cart"), Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart", "pod"), Allow("cart", From(shop, "checkout")));
        await ApplyAsync(Workloads.Pod(shop, "cart", "cart-v2"));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart", "pod"), Allow("cart-v2", From(shop, "checkout")));
    }

    [Fact]
    public async Task Keeps_the_policy_of_a_deleted_server_while_it_is_declared()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await Cluster.DeleteAsync(Yaml.Workload(shop, "cart"));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.WorkloadNotFound);
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart", From(shop, "checkout")));
        await Cluster.DeleteAsync(Yaml.Intents(shop, "checkout", "[]"));
        await Cluster.UntilPoliciesAsync(shop);
    }

    [Fact]
    public async Task Allows_the_Pods_of_a_deleted_client_while_it_is_declared()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await Cluster.DeleteAsync(Yaml.Workload(shop, "checkout"));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.ClientNotFound);
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart", From(shop, "checkout")));
    }

    [Fact]
    public async Task Keeps_the_policy_when_a_workload_of_another_kind_makes_the_name_ambiguous()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        var closed = await Cluster.FindPolicyAsync(shop, CartPolicy);

        await ApplyAsync(Yaml.Workload(shop, "cart", "StatefulSet"));
        var intents = await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.AmbiguousWorkload);
        intents.Status!.Targets![0].Message.ShouldBe($"spec.targets[0].kubernetes.kind: more than one workload is named \"cart\" in namespace \"{shop}\": a Deployment and a StatefulSet; set kind; the policy in force stays");
        (await Cluster.PolicyNamesAsync(shop)).ShouldBe([CartPolicy]);
        (await Cluster.FindPolicyAsync(shop, CartPolicy))!.Metadata.Uid.ShouldBe(closed!.Metadata.Uid);

        await Cluster.DeleteAsync(Yaml.Workload(shop, "cart"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await Cluster.UntilPoliciesAsync(shop, PolicyName("cart", "statefulset"));
    }

    [Fact]
    public async Task Enforces_a_selector_that_overlaps_another_workload_and_warns_until_it_does_not()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");

        await ApplyAsync(Workloads.Deployment(shop, "cart-canary", "{matchLabels: {app: cart, track: canary}}", "{app: cart, track: canary}"));
        await UntilOverlapAsync(
            shop, $"the selector of Deployment \"cart\" in namespace \"{shop}\" also matches the Pods of Deployment \"cart-canary\"; give each labels of its own");
        await Cluster.UntilEnforcedAsync(shop, "checkout");

        await Cluster.DeleteAsync(Yaml.Workload(shop, "cart-canary"));
        await UntilOverlapAsync(shop, null);
    }

    private Task<string?> UntilOverlapAsync(string shop, string? message) => Poll.UntilAsync(
        $"the warning to be {message ?? "gone"}",
        async token => (await Cluster.Client.GetAsync<ClientIntents>("checkout", shop, token))?.Status?.Conditions?
            .Find(condition => condition.Type == ConditionTypes.SelectorOverlap)?.Message,
        seen => seen == message,
        Poll.Patience,
        CancellationToken.None);
}
