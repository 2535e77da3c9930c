using BenchmarkDotNet.Attributes;
using k8s.Models;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Benchmarks.Micro;

/// <summary>The comparison of two equal policies, which avoids a write. It allocates nothing.</summary>
[MemoryDiagnoser]
public class PolicyEqualityBenchmarks
{
    private V1NetworkPolicy _actual = null!;
    private V1NetworkPolicy _desired = null!;

    [Params(1, 100, 10_000)]
    public int Callers { get; set; }

    [GlobalSetup]
    public void Setup() =>
        (_actual, _desired) = (IngressPlanner.Plan(Samples.Server(Callers)).Desired[0], IngressPlanner.Plan(Samples.Server(Callers)).Desired[0]);

    [Benchmark]
    public bool Matches() => PolicyEquality.Matches(_actual, _desired);
}
