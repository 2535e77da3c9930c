using System.Diagnostics;
using k8s.Models;
using Wayleave.Kubernetes.Informers;
using Wayleave.Testing.ControlPlane;
using Xunit.Abstractions;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

[Collection(ReconnectCollection.Name)]
public sealed class ReconnectTests(LayerCluster cluster, ITestOutputHelper output)
{
    private const string Answers = "rest_client_requests_total{method=GET,code=200}";

    [Fact]
    public async Task A_thousand_reconnects_leak_no_memory_files_or_threads()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        await using var proxy = TcpProxy.Start(cluster.Plane.Server);
        using var client = await cluster.ConnectAsync(proxy);
        await using var maps = await WatchedMaps.StartAsync(
            client, new InformerOptions<V1ConfigMap> { Namespace = @namespace, MinBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(5) });
        var answers = 2;
        await client.Meters.ReachAsync(Answers, answers, Poll.Patience);

        async Task ReconnectAsync(int times)
        {
            for (var time = 0; time < times; time++)
            {
                proxy.CutAll();
                await client.Meters.ReachAsync(Answers, ++answers, Poll.Patience);
            }
        }

        await ReconnectAsync(100);
        var before = Measure();
        await ReconnectAsync(900);
        var after = Measure();

        output.WriteLine($"after 100: {before}; after 1,000: {after}");
        await cluster.Client.Kubernetes.CreateAsync(Given.ConfigMap(@namespace, "still-watching"), default);
        await maps.UntilAsync("still-watching");
        maps.Lists.ShouldBe(1);
        proxy.ConnectionCount.ShouldBeGreaterThanOrEqualTo(1000);
        (after.Heap - before.Heap).ShouldBeLessThan(512 * 1024, $"{before} {after}");
        (after.Files - before.Files).ShouldBeLessThan(10, $"{before} {after}");
        (after.Threads - before.Threads).ShouldBeLessThan(10, $"{before} {after}");
    }

    // Measures after full garbage collections.
    private static (long Heap, int Files, int Threads) Measure()
    {
        for (var rounds = 0; rounds < 3; rounds++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        using var process = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true), Directory.GetFiles("/proc/self/fd").Length, process.Threads.Count);
    }
}
