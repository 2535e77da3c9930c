using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.K3s.Tests;

/// <summary>An isolated server that is exposed stays reachable from outside the cluster, and denies undeclared Pods.</summary>
[Collection(K3sCollection.Name)]
public sealed class OutsideTests(K3sCluster cluster)
{
    private const string Host = "cart.example.test";

    // K3s installs Traefik after its start.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [SkippableFact]
    public async Task A_NodePort_stays_open_to_the_outside()
    {
        cluster.RequirePods();
        await using var installed = await Installation.InstallAsync(cluster);
        await using var shop = await Shop.OpenAsync(cluster, "browser", "cart");
        await cluster.ApplyAsync(
            $$$"""
            apiVersion: v1
            kind: Service
            metadata: {name: cart-outside, namespace: {{{shop.Namespace}}}}
            spec: {type: NodePort, selector: {app: cart}, ports: [{port: 8080, protocol: TCP, nodePort: {{{K3sCluster.NodePort}}}}]}
            """);
        await ShouldServeAsync(cluster.UrlOf(K3sCluster.NodePort));

        await IsolateCartAsync(shop);

        await ShouldServeAsync(cluster.UrlOf(K3sCluster.NodePort));
    }

    [SkippableFact]
    public async Task An_Ingress_stays_open_through_Traefik()
    {
        cluster.RequirePods();
        await using var installed = await Installation.InstallAsync(cluster);
        await using var shop = await Shop.OpenAsync(cluster, "browser", "cart");
        await cluster.ApplyAsync(
            $$$"""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: cart, namespace: {{{shop.Namespace}}}}
            spec:
              ingressClassName: traefik
              rules:
              - host: {{{Host}}}
                http:
                  paths:
                  - path: /
                    pathType: Prefix
                    backend:
                      service: {name: cart, port: {name: http}}
            """);
        await ShouldServeAsync(cluster.IngressUrl);

        await IsolateCartAsync(shop);

        await ShouldServeAsync(cluster.IngressUrl);
    }

    private async Task IsolateCartAsync(Shop shop)
    {
        await cluster.ApplyAsync(Yaml.Protection(shop.Namespace, "cart"));
        await shop.ShouldNotReachAsync("browser", "http://cart:8080/");
    }

    private static async Task ShouldServeAsync(Uri url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        http.DefaultRequestHeaders.Host = Host;
        await Poll.UntilAsync($"{url} to answer", async token => (await http.GetStringAsync(url, token)).Trim() == "served", Patience, default);
    }
}
