using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Queue;

namespace Wayleave.Benchmarks.Micro;

/// <summary>Passing a key through the work queue: add, get, done.</summary>
[MemoryDiagnoser]
public class QueueBenchmarks
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private WorkQueue<NamespacedName> _queue = null!;

    [GlobalSetup]
    public void Setup() => _queue = new WorkQueue<NamespacedName>("benchmark", new KubernetesMetrics(_services.GetRequiredService<IMeterFactory>()), TimeProvider.System);

    [GlobalCleanup]
    public void Cleanup() => _services.Dispose();

    [Benchmark]
    public async Task Pass()
    {
        _queue.Add(new NamespacedName("shop", "cart"));
        _queue.Done(await _queue.GetAsync(CancellationToken.None));
    }
}
