using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Commands;

public sealed class CanTests : CliTest
{
    [Fact]
    public async Task Yes_names_the_rule_and_the_declaration()
    {
        await GivenAsync();
        var result = await RunAsync("intents", "can", "checkout", "cart", "--port", "8080");

        result.ShouldBe(new CliResult(
            ExitCodes.Success,
            """
            yes: deployment/checkout.shop may call deployment/cart.shop on 8080/TCP
            egress: no NetworkPolicy restricts the egress of deployment/checkout.shop
            ingress: allowed by networkpolicy/wayleave-deployment-cart-ingress.shop spec.ingress[1]
              from clientintents/checkout.shop spec.targets[0]

            """,
            ""));
    }

    [Theory]
    [InlineData("admin", "cart", "8080")]
    [InlineData("checkout", "cart", "9090")]
    [InlineData("checkout", "cart", "8080/UDP")]
    [InlineData("orders.data", "cart", null)]
    public async Task No_exits_with_3_and_names_the_policy(string client, string server, string? port)
    {
        await GivenAsync();
        var result = await RunAsync(["intents", "can", client, server, .. port is null ? Array.Empty<string>() : ["--port", port]]);

        result.ExitCode.ShouldBe(ExitCodes.No);
        result.Output.ShouldStartWith("no: ");
        result.Output.ShouldContain("ingress: no rule of networkpolicy/wayleave-deployment-cart-ingress.shop allows it");
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_port_the_first_open_one_is_named()
    {
        await GivenAsync();

        (await RunAsync("intents", "can", "checkout", "cart")).Output.ShouldStartWith("yes: deployment/checkout.shop may call deployment/cart.shop on 8080/TCP");
        (await RunAsync("intents", "can", "cart", "checkout")).Output.ShouldStartWith("yes: deployment/cart.shop may call deployment/checkout.shop on every port");
    }

    [Fact]
    public async Task A_policy_of_another_owner_decides_too()
    {
        await GivenAsync();
        Apply(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: closed, namespace: shop}
            spec: {podSelector: {matchLabels: {app: checkout}}, policyTypes: [Egress]}
            """);
        var result = await RunAsync("intents", "can", "checkout", "cart", "--port=8080", "-o", "json");

        result.ExitCode.ShouldBe(ExitCodes.No);
        ShouldBeGolden(result.Output, "can-no-json");
    }

    [Fact]
    public async Task The_addresses_and_labels_of_running_Pods_count()
    {
        await GivenAsync();
        Apply(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: by-address, namespace: shop}
            spec: {podSelector: {matchLabels: {app: admin}}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]}
            """);
        (await RunAsync("intents", "can", "checkout", "admin")).ExitCode.ShouldBe(ExitCodes.No);

        Apply(Pod("checkout-1", "10.1.2.3"));
        (await RunAsync("intents", "can", "checkout", "admin")).ExitCode.ShouldBe(ExitCodes.Success);

        // One Pod that is denied is enough for a no.
        Apply(Pod("checkout-2", "10.2.2.3"));
        (await RunAsync("intents", "can", "checkout", "admin")).ExitCode.ShouldBe(ExitCodes.No);
    }

    [Fact]
    public async Task A_Pod_that_waits_for_its_node_is_denied_by_no_range_of_addresses()
    {
        await GivenAsync();
        Apply(Policy("by-address", "admin", "[{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]"));
        Apply(Pod("checkout-1", "10.1.2.3"));
        Apply("""{apiVersion: v1, kind: Pod, metadata: {name: checkout-2, namespace: shop, labels: {app: checkout}}, status: {phase: Pending}}""");

        (await RunAsync("intents", "can", "checkout", "admin")).ExitCode.ShouldBe(ExitCodes.Success);
    }

    [Fact]
    public async Task All_addresses_include_those_of_Pods_that_do_not_run()
    {
        await GivenAsync();
        Apply(Policy("everyone", "admin", "[{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]"));

        (await RunAsync("intents", "can", "checkout", "admin")).ExitCode.ShouldBe(ExitCodes.Success);
    }

    [Fact]
    public async Task A_workload_reaches_its_own_Pods_only_if_a_rule_allows_it()
    {
        await GivenAsync();
        Apply(Policy("closed", "admin", "[]"));
        (await RunAsync("intents", "can", "admin", "admin")).ExitCode.ShouldBe(ExitCodes.No);

        Apply(Pod("admin-1", "10.1.2.3", "admin"));
        (await RunAsync("intents", "can", "admin", "admin")).ExitCode.ShouldBe(ExitCodes.No);

        var own = await RunAsync("intents", "can", "cart", "cart");
        own.ExitCode.ShouldBe(ExitCodes.Success);
        own.Output.ShouldContain("ingress: allowed by networkpolicy/wayleave-deployment-cart-ingress.shop spec.ingress[0]\n  from own Pods");
    }

    [Fact]
    public async Task Without_a_port_one_has_to_be_open_between_all_Pods()
    {
        await GivenAsync();
        Apply(Policy("old", "admin", "[{ports: [{port: web}]}]"));
        Apply(Pod("admin-1", "10.1.2.3", "admin", "[{name: web, containerPort: 8080}]"));
        Apply(Pod("admin-2", "10.1.2.4", "admin", "[{name: web, containerPort: 9090}]"));
        (await RunAsync("intents", "can", "checkout", "admin")).Output.ShouldStartWith(
            "no: deployment/checkout.shop may not call deployment/admin.shop on any port\n");

        Apply(Policy("old", "admin", "[{ports: [{port: web}]}, {ports: [{port: 9090}]}]"));
        (await RunAsync("intents", "can", "checkout", "admin")).Output.ShouldStartWith(
            "yes: deployment/checkout.shop may call deployment/admin.shop on 9090/TCP\n");
    }

    [Fact]
    public async Task Rules_without_a_port_in_common_differ_from_missing_rules()
    {
        await GivenAsync();
        Apply(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: egress, namespace: shop}
            spec: {podSelector: {matchLabels: {app: checkout}}, policyTypes: [Egress], egress: [{ports: [{port: 9090}]}]}
            """);
        var result = await RunAsync("intents", "can", "checkout", "cart");

        result.ExitCode.ShouldBe(ExitCodes.No);
        result.Output.ShouldContain("egress: allowed by networkpolicy/egress.shop spec.egress[0]\n");
        result.Output.ShouldContain("ingress: allowed by networkpolicy/wayleave-deployment-cart-ingress.shop spec.ingress[1]\n");
        result.Output.ShouldEndWith("ports: no port is in both rules\n");
    }

    private static string Policy(string name, string server, string ingress) =>
        $$$"""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: {{{name}}}, namespace: shop}
        spec: {podSelector: {matchLabels: {app: {{{server}}}}}, policyTypes: [Ingress], ingress: {{{ingress}}}}
        """;

    private static string Pod(string name, string address, string app = "checkout", string ports = "[]") =>
        $$$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{{name}}}, namespace: shop, labels: {app: {{{app}}}}}
        spec: {containers: [{ports: {{{ports}}}}]}
        status: {phase: Running, podIPs: [{ip: {{{address}}}}]}
        """;

    private async Task GivenAsync()
    {
        Apply(Shop.Everything);
        Apply(Shop.Intents("checkout", "[{kubernetes: {name: cart, ports: [8080]}}]"));
        await RunOperatorAsync();
    }
}
