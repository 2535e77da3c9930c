using BenchmarkDotNet.Attributes;
using Wayleave.Enforcement.Decisions;

namespace Wayleave.Benchmarks.Micro;

/// <summary>The cost of one decision about a server, which is the same whether anything changed or not.</summary>
[MemoryDiagnoser]
public class IngressPlannerBenchmarks
{
    private ServerInputs _inputs = null!;

    [Params(1, 100, 10_000)]
    public int Callers { get; set; }

    [GlobalSetup]
    public void Setup() => _inputs = Samples.Server(Callers);

    [Benchmark]
    public PolicyPlan Decide() => IngressPlanner.Plan(_inputs);
}
