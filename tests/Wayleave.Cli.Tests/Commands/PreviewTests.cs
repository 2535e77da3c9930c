using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Commands;

public sealed class PreviewTests : CliTest
{
    [Fact]
    public async Task Shows_what_an_apply_would_add_change_and_remove()
    {
        Apply(Shop.Everything);
        Apply(Shop.Intents("checkout", "[{kubernetes: {name: cart, ports: [8080]}}, {kubernetes: {name: orders.data}}]"));
        await RunOperatorAsync();
        var writes = Connection.Cluster.Writes.Count;

        Input = Shop.Intents("checkout", "[{kubernetes: {name: cart, ports: [8080, 8443]}}, {kubernetes: {name: admin}}]");
        var result = await RunAsync("intents", "preview", "-f", "-");

        result.ExitCode.ShouldBe(ExitCodes.Success);
        result.Error.ShouldBe("1 to create, 1 to update, 1 to delete.\n");
        ShouldBeGolden(result.Output, "preview");
        (await RunAsync("policies", "diff", "-A")).ExitCode.ShouldBe(ExitCodes.Success);
        Connection.Cluster.Writes.Count.ShouldBe(writes);
    }

    [Fact]
    public async Task What_is_applied_already_makes_no_difference()
    {
        Apply(Shop.Everything);
        Apply(Shop.Intents("checkout", "[{kubernetes: {name: cart}}]"));
        Input = Shop.Intents("checkout", "[{kubernetes: {name: cart}}]");

        (await RunAsync("intents", "preview", "-f", "-")).ShouldBe(new CliResult(ExitCodes.Success, "", "No differences.\n"));
    }

    [Fact]
    public async Task The_namespace_of_the_command_line_is_that_of_objects_without_one()
    {
        Apply(Shop.Everything);
        Input = Shop.Intents("orders", "[{kubernetes: {name: cart.shop}}]").Replace(", namespace: shop", "", StringComparison.Ordinal);

        (await RunAsync("intents", "preview", "-f", "-", "-n", "data", "-o", "name")).Output.ShouldBe("networkpolicy.networking.k8s.io/wayleave-deployment-cart-ingress\n");
    }

    [Fact]
    public async Task An_invalid_file_is_not_previewed()
    {
        Apply(Shop.Everything);
        Input = Shop.Intents("checkout", "[{kubernetes: {name: Cart}}]");
        var result = await RunAsync("intents", "preview", "-f", "-");

        result.ExitCode.ShouldBe(ExitCodes.Failure);
        result.Error.ShouldStartWith("error: <stdin>:6: spec.targets[0].kubernetes.name: ");
    }

    [Fact]
    public async Task A_policy_of_another_owner_is_a_conflict_and_not_a_change()
    {
        Apply(Shop.Everything);
        Apply(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: wayleave-deployment-cart-ingress, namespace: shop}
            spec: {podSelector: {}}
            """);
        Input = Shop.Intents("checkout", "[{kubernetes: {name: cart}}]");
        var result = await RunAsync("intents", "preview", "-f", "-");

        result.Output.ShouldBe(
            """
            conflict networkpolicy/wayleave-deployment-cart-ingress in namespace shop
            It exists and is not managed by this operator. It stays as it is.


            """);
        result.Error.ShouldBe("1 in conflict.\n");
    }

    [Fact]
    public async Task Policies_diff_shows_drift_and_exits_with_3()
    {
        Apply(Shop.Everything);
        Apply(Shop.Intents("checkout", "[{kubernetes: {name: cart}}]"));
        await RunOperatorAsync();
        Connection.Cluster.User.Edit<k8s.Models.V1NetworkPolicy>("shop", "wayleave-deployment-cart-ingress", policy => policy.Spec!.Ingress = [new k8s.Models.V1NetworkPolicyIngressRule()]);

        var result = await RunAsync("policies", "diff");
        result.ExitCode.ShouldBe(ExitCodes.No);
        result.Error.ShouldBe("1 to update.\n");
        ShouldBeGolden(result.Output, "policies-diff");
    }
}
