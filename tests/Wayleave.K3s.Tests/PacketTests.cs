using Wayleave.Testing.Operators;

namespace Wayleave.K3s.Tests;

/// <summary>Connections between Pods, as K3s enforces the policies that the operator writes.</summary>
[Collection(K3sCollection.Name)]
public sealed class PacketTests(K3sCluster cluster)
{
    private const string Cart = "http://cart:8080/";

    [SkippableFact]
    public async Task A_declared_call_connects_and_an_undeclared_one_does_not()
    {
        cluster.RequirePods();
        await using var installed = await Installation.InstallAsync(cluster);
        await using var shop = await Shop.OpenAsync(cluster, "checkout", "browser", "cart");
        await shop.ShouldReachAsync("checkout", Cart);
        await shop.ShouldReachAsync("browser", Cart);

        await cluster.ApplyAsync(Yaml.Intents(shop.Namespace, "checkout", "[{kubernetes: {name: cart, ports: [8080]}}]"));

        await shop.ShouldNotReachAsync("browser", Cart);
        await shop.ShouldReachAsync("checkout", Cart);

        await cluster.ApplyAsync(Yaml.Intents(shop.Namespace, "browser", "[{service: {name: cart}}]"));
        await shop.ShouldReachAsync("browser", Cart);

        await cluster.KubectlAsync("delete", "clientintents", "checkout", $"--namespace={shop.Namespace}");
        await shop.ShouldNotReachAsync("checkout", Cart);
        await shop.ShouldReachAsync("browser", Cart);
    }

    [SkippableFact]
    public async Task A_ProtectedService_accepts_only_declared_calls_until_it_is_deleted()
    {
        cluster.RequirePods();
        await using var installed = await Installation.InstallAsync(cluster);
        await using var shop = await Shop.OpenAsync(cluster, "checkout", "browser", "cart");

        await cluster.ApplyAsync(Yaml.Protection(shop.Namespace, "cart"));
        await shop.ShouldNotReachAsync("checkout", Cart);
        await shop.ShouldNotReachAsync("browser", Cart);

        await cluster.ApplyAsync(Yaml.Intents(shop.Namespace, "checkout", "[{kubernetes: {name: cart}}]"));
        await shop.ShouldReachAsync("checkout", Cart);
        await shop.ShouldNotReachAsync("browser", Cart);

        await cluster.KubectlAsync("delete", "clientintents,protectedservices", "--all", $"--namespace={shop.Namespace}");
        await shop.ShouldReachAsync("browser", Cart);
    }

    [SkippableFact]
    public async Task Restricted_egress_allows_only_the_declared_domain()
    {
        cluster.RequirePods();
        await using var declared = await OutsideServer.StartAsync();
        await using var other = await OutsideServer.StartAsync();
        await declared.NameAsync(cluster, "declared.outside.test");
        await using var installed = await Installation.InstallAsync(cluster, "operator.egress=true");
        await using var shop = await Shop.OpenAsync(cluster, "checkout");
        await shop.ShouldReachAsync("checkout", "http://declared.outside.test:8080/");
        await shop.ShouldReachAsync("checkout", $"http://{other.Address}:8080/");

        await cluster.ApplyAsync(Yaml.Intents(shop.Namespace, "checkout", "[{internet: {domains: [declared.outside.test], ports: [8080]}}]"));

        await shop.ShouldNotReachAsync("checkout", $"http://{other.Address}:8080/");
        await shop.ShouldReachAsync("checkout", "http://declared.outside.test:8080/");
    }
}
