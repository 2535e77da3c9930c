using System.Text;
using BenchmarkDotNet.Attributes;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Benchmarks.Micro;

/// <summary>Reading a watch of Deployments of about 8 kB each, from the bytes of the response to objects.</summary>
[MemoryDiagnoser]
public class WatchBenchmarks
{
    private const int Events = 1000;

    private readonly EntityRegistry _registry = EntityRegistry.Create().Add<PartialDeployment>();
    private byte[] _body = [];

    [GlobalSetup]
    public void Setup()
    {
        var change = $$"""{"type":"MODIFIED","object":{{Deployments.Json("shop", "cart")}}}""".ReplaceLineEndings("") + "\n";
        _body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(change, Events)));
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public async Task<int> Read()
    {
        var count = 0;
        using var body = new MemoryStream(_body);
        var format = new JsonFormat<PartialDeployment>(_registry.Get<PartialDeployment>().Json);
        await foreach (var _ in WatchStream.ReadAsync(body, format, isKnown: null, long.MaxValue, deadline: null, CancellationToken.None))
        {
            count++;
        }

        return count == Events ? count : throw new InvalidOperationException($"{count} events were read");
    }
}
