using BenchmarkDotNet.Attributes;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Benchmarks.Micro;

/// <summary>The cost of counting for the caller.</summary>
[MemoryDiagnoser]
public class UsageCounterBenchmarks
{
    private readonly UsageCounter _on = new(countUsage: true, countErrors: true);
    private readonly UsageCounter _off = new(countUsage: false, countErrors: false);

    [Benchmark]
    public void Add() => _on.Add(UsageCatalog.IntentsApplied);

    [Benchmark]
    public void AddWhileOff() => _off.Add(UsageCatalog.IntentsApplied);

    [Benchmark]
    public void CountError() => _on.CountError(ErrorComponent.Kubernetes, typeof(TimeoutException));
}
