using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.K3s.Tests;

/// <summary>The chart, from install to uninstall.</summary>
[Collection(K3sCollection.Name)]
public sealed class InstallTests(K3sCluster cluster)
{
    [SkippableFact]
    public async Task The_installed_operator_turns_a_declaration_into_policies()
    {
        cluster.Require();
        await using var installed = await Installation.InstallAsync(cluster);
        await using var shop = await Shop.OpenAsync(cluster, "checkout", "cart", "orders");
        (await cluster.KubectlAsync("get", "crds", "--output=name")).ShouldContain("clientintents.wayleave.dev");

        await cluster.ApplyAsync(Yaml.Intents(shop.Namespace, "checkout", "[{kubernetes: {name: cart, ports: [8080]}}]"));
        await shop.WaitForAsync("clientintents/checkout");
        (await shop.PoliciesAsync()).ShouldBe(["wayleave-deployment-cart-ingress"]);

        await cluster.ApplyAsync(Yaml.Protection(shop.Namespace, "orders"));
        await shop.WaitForAsync("protectedservice/orders");
        (await shop.PoliciesAsync()).ShouldBe(["wayleave-deployment-cart-ingress", "wayleave-deployment-orders-ingress"]);
    }

    [SkippableFact]
    public async Task An_uninstall_keeps_only_the_CRDs_the_declarations_and_the_policies()
    {
        cluster.Require();
        await using var installed = await Installation.InstallAsync(cluster);
        await using var shop = await Shop.OpenAsync(cluster, "checkout", "cart");
        await cluster.ApplyAsync(Yaml.Intents(shop.Namespace, "checkout", "[{kubernetes: {name: cart}}]"));
        await shop.WaitForAsync("clientintents/checkout");

        await installed.UninstallAsync();

        await Poll.UntilAsync(
            "everything to be deleted", async _ => string.Join(", ", await installed.LeftAsync()), left => left.Length == 0, Poll.Patience, default);
        (await cluster.KubectlAsync("get", "clientintents", $"--namespace={shop.Namespace}", "--output=name")).ShouldBe("clientintents.wayleave.dev/checkout");
        (await shop.PoliciesAsync()).ShouldBe(["wayleave-deployment-cart-ingress"]);
    }
}
