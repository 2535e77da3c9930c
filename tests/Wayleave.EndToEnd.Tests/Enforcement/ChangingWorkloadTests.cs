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
    public async Task A_server_that_is_created_after_the_intent_gets_its_policy_then()
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
    public async Task A_server_whose_only_caller_is_yet_to_come_is_closed_until_it_does()
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
    public async Task A_server_or_a_caller_that_is_made_anew_with_other_labels_is_followed()
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
    public async Task A_bare_pod_that_is_labelled_anew_is_followed()
    {
        var shop = await NewNamespaceWithAsync("checkout");
        await ApplyAsync(Workloads.Pod(shop, "cart", "cart"), Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart", "pod"), Allow("cart", From(shop, "checkout")));
        await ApplyAsync(Workloads.Pod(shop, "cart", "cart-v2"));
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart", "pod"), Allow("cart-v2", From(shop, "checkout")));
    }

    [Fact]
    public async Task The_policy_of_a_server_that_is_deleted_stays_as_long_as_it_is_declared()
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
    public async Task The_Pods_of_a_client_that_is_deleted_stay_allowed_as_long_as_it_is_declared()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", Calls));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await Cluster.DeleteAsync(Yaml.Workload(shop, "checkout"));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.ClientNotFound);
        await Cluster.UntilPolicyAsync(shop, CartPolicy, Allow("cart", From(shop, "checkout")));
    }

    [Fact]
    public async Task A_namesake_of_another_kind_makes_a_new_intent_ambiguous_and_does_not_open_what_was_closed()
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
    public async Task A_selector_that_takes_in_another_workloads_pods_is_enforced_and_warned_of_until_it_does_not()
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
