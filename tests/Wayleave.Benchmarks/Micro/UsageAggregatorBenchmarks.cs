using BenchmarkDotNet.Attributes;
using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Benchmarks.Micro;

/// <summary>What counting costs the one who counts.</summary>
[MemoryDiagnoser]
public class UsageAggregatorBenchmarks
{
    private readonly UsageAggregator _on = new(countUsage: true, countErrors: true);
    private readonly UsageAggregator _off = new(countUsage: false, countErrors: false);

    [Benchmark]
    public void Add() => _on.Add(UsageCatalogue.IntentsApplied);

    [Benchmark]
    public void AddWhileOff() => _off.Add(UsageCatalogue.IntentsApplied);

    [Benchmark]
    public void CountError() => _on.CountError(ErrorComponent.Kubernetes, typeof(TimeoutException));
}
