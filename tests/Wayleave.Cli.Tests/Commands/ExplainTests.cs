using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Commands;

public sealed class ExplainTests : CliTest
{
    private const string Egress =
        """
        apiVersion: wayleave.dev/v1beta1
        kind: EnforcementPolicy
        metadata: {name: strict}
        spec:
          mode: Enforce
          egress: true
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}
          allow: {from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}, ports: [9090]}]}
        """;

    [Fact]
    public async Task Names_the_object_of_each_rule()
    {
        await GivenAsync();
        await RunOperatorAsync();

        ShouldBeGolden((await RunAsync("intents", "explain", "cart")).Output, "explain-cart");
        ShouldBeGolden((await RunAsync("intents", "explain", "deploy/checkout")).Output, "explain-checkout");
        ShouldBeGolden((await RunAsync("intents", "explain", "cart", "-o", "yaml")).Output, "explain-cart-yaml");
        ShouldBeGolden((await RunAsync("intents", "explain", "orders.data", "-n", "shop")).Output, "explain-orders");
    }

    [Fact]
    public async Task Says_that_the_operator_has_not_written_a_policy_yet()
    {
        await GivenAsync();

        (await RunAsync("intents", "explain", "cart")).Output.ShouldContain(
            "networkpolicy/wayleave-deployment-cart-ingress.shop: not in the cluster yet");
    }

    [Fact]
    public async Task Shows_policies_of_other_owners()
    {
        await GivenAsync();
        Apply(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: monitoring, namespace: shop}
            spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 9090}]}]}
            """);
        var output = (await RunAsync("intents", "explain", "cart")).Output;

        output.ShouldContain("networkpolicy/monitoring.shop: not managed by Wayleave");
        output.ShouldContain("10.0.0.0/8");
    }

    [Fact]
    public async Task Shows_policies_of_Pods_that_are_named_by_their_labels()
    {
        await GivenAsync();
        Apply(Shop.Intents("orders-of-data", "[{kubernetes: {name: all-carts, selector: {matchLabels: {app: cart}}}}]")
            .Replace("name: orders-of-data}\n", "name: checkout}\n", StringComparison.Ordinal));
        await RunOperatorAsync();
        var output = (await RunAsync("intents", "explain", "cart")).Output;

        output.ShouldContain("clientintents/orders-of-data.shop spec.targets[0]");
    }

    [Fact]
    public async Task A_policy_that_is_to_be_deleted_is_shown_while_it_exists()
    {
        await GivenAsync();
        await RunOperatorAsync();
        Connection.Cluster.User.Delete<Api.ClientIntents>("shop", "checkout");

        (await RunAsync("intents", "explain", "checkout")).Output.ShouldContain(
            "networkpolicy/wayleave-deployment-checkout-egress.shop: not deleted yet");
    }

    [Fact]
    public async Task A_rule_is_only_from_the_declarations_that_are_in_force()
    {
        await GivenAsync();
        await RunOperatorAsync();
        Apply(Shop.Intents("checkout", "[{kubernetes: {name: cart, kind: StatefulSet}}, {kubernetes: {name: cart, ports: [8080]}}]"));
        var rules = await RulesOfCartAsync();

        rules.ShouldContain("clientintents/checkout.shop spec.targets[1]");
        rules.ShouldNotContain("clientintents/checkout.shop spec.targets[0]");
    }

    [Fact]
    public async Task A_rule_of_an_earlier_version_is_not_from_a_Service_that_exposes_the_workload()
    {
        await GivenAsync();
        await RunOperatorAsync();
        Apply(Shop.Intents("admin", "[{kubernetes: {name: cart, ports: [\"1-0\"]}}]"));
        var rules = await RulesOfCartAsync();

        rules.ShouldContain("kept from the last valid version of the declaration");
        rules.ShouldContain("service/web");
        rules.ShouldNotContain("clientintents/admin.shop");
    }

    [Fact]
    public async Task A_policy_that_will_no_longer_select_the_Pods_is_still_shown_as_ours()
    {
        await GivenAsync();
        await RunOperatorAsync();
        Connection.Cluster.User.Edit<k8s.Models.V1NetworkPolicy>("shop", "wayleave-deployment-cart-ingress", policy =>
            policy.Spec.PodSelector = new k8s.Models.V1LabelSelector());
        var output = (await RunAsync("intents", "explain", "checkout")).Output;

        output.ShouldContain("networkpolicy/wayleave-deployment-cart-ingress.shop: not updated yet");
        output.ShouldNotContain("not managed");
    }

    [Fact]
    public async Task Writes_nothing()
    {
        await GivenAsync();
        await RunAsync("intents", "explain", "cart");

        Connection.Cluster.Writes.ShouldBeEmpty();
    }

    // What is in force, without the declarations that are not.
    private async Task<string> RulesOfCartAsync()
    {
        var output = (await RunAsync("intents", "explain", "cart")).Output;
        return output[..output.IndexOf("What it may call", StringComparison.Ordinal)];
    }

    private Task GivenAsync()
    {
        Apply(Shop.Everything);
        Apply(Egress);
        Apply(Shop.Intents("checkout", "[{kubernetes: {name: cart, ports: [8080]}}, {kubernetes: {name: orders.data}}, {kubernetes: {name: none}}, {internet: {ips: [203.0.113.0/24], ports: [443]}}]"));
        Apply(Shop.Intents("admin", "[{kubernetes: {name: cart}}]"));
        Apply(Shop.Intents("missing", "[{kubernetes: {name: cart}}]"));
        Apply(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {type: LoadBalancer, selector: {app: cart}, ports: [{port: 80, targetPort: 8080}]}
            """);
        return Task.CompletedTask;
    }
}
