using BenchmarkDotNet.Attributes;
using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Benchmarks.Micro;

/// <summary>What telemetry costs a reconciler.</summary>
[MemoryDiagnoser]
public class CountingBenchmarks
{
    private readonly UsageAggregator _on = new(true, true);
    private readonly NoUsageCounter _off = new();

    [Benchmark]
    public void On() => _on.Add(UsageCatalogue.IntentsApplied);

    [Benchmark(Baseline = true)]
    public void Off() => _off.Add(UsageCatalogue.IntentsApplied);
}
