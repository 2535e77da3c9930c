using System.Text;
using BenchmarkDotNet.Attributes;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Benchmarks.Micro;

/// <summary>Reading a watch of Deployments of some 8 kB each, from the answer's bytes to objects.</summary>
[MemoryDiagnoser]
public class WatchBenchmarks
{
    private const int Events = 1000;

    private readonly EntityRegistry _registry = EntityRegistry.Create(ApiJson.Default).Add<PartialDeployment>();
    private KubernetesClient _client = null!;

    [GlobalSetup]
    public void Setup()
    {
        var change = $$"""{"type":"MODIFIED","object":{{Deployments.Json("shop", "cart")}}}""".ReplaceLineEndings("") + "\n";
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(change, Events)));
        var http = new HttpClient(new CannedHandler(body)) { BaseAddress = new Uri("https://api.test/") };
        _client = new KubernetesClient(http, _registry, new KubernetesClientOptions { FieldManager = "benchmark" });
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public async Task<int> Read()
    {
        var count = 0;
        await foreach (var _ in _client.WatchAsync<PartialDeployment>(new ListOptions(), CancellationToken.None))
        {
            count++;
        }

        return count == Events ? count : throw new InvalidOperationException($"{count} events were read");
    }

    private sealed class CannedHandler(byte[] body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new ByteArrayContent(body) });
    }
}
