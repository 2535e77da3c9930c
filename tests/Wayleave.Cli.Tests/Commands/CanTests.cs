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

    private static string Pod(string name, string address) =>
        $$$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{{name}}}, namespace: shop, labels: {app: checkout}}
        status: {phase: Running, podIPs: [{ip: {{{address}}}}]}
        """;

    private async Task GivenAsync()
    {
        Apply(Shop.Everything);
        Apply(Shop.Intents("checkout", "[{kubernetes: {name: cart, ports: [8080]}}]"));
        await RunOperatorAsync();
    }
}
