using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;

namespace Wayleave.K3s.Tests;

/// <summary>An HTTP server outside the cluster, on port 8080 of a container beside it.</summary>
internal sealed class OutsideServer : IAsyncDisposable
{
    private readonly IContainer _container;

    private OutsideServer(IContainer container) => _container = container;

    public string Address => _container.IpAddress;

    public static async Task<OutsideServer> StartAsync()
    {
        var server = new OutsideServer(new ContainerBuilder(Shop.Image).WithEntrypoint("sh", "-c", Shop.ServeHttp).Build());
        await server._container.StartAsync();
        return server;
    }

    /// <summary>Adds a name for the server to the cluster's DNS, through the ConfigMap with which K3s extends CoreDNS.</summary>
    public async Task NameAsync(K3sCluster cluster, string domain)
    {
        await cluster.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: coredns-custom, namespace: kube-system}
            data:
              outside.server: |
                {{domain}}:53 {
                  hosts {
                    {{Address}} {{domain}}
                  }
                }
            """);
        // CoreDNS would reload the ConfigMap only after a minute or two.
        await cluster.KubectlAsync("rollout", "restart", "deployment/coredns", "--namespace=kube-system");
        await cluster.KubectlAsync("rollout", "status", "deployment/coredns", "--namespace=kube-system", "--timeout=120s");
    }

    public ValueTask DisposeAsync() => _container.DisposeAsync();
}
