using BenchmarkDotNet.Attributes;
using Wayleave.Enforcement.Decisions;

namespace Wayleave.Benchmarks.Micro;

/// <summary>What one look at a server costs, with nothing changed or everything.</summary>
[MemoryDiagnoser]
public class ServerDecisionBenchmarks
{
    private ServerInputs _inputs = null!;

    [Params(1, 100, 10_000)]
    public int Callers { get; set; }

    [GlobalSetup]
    public void Setup() => _inputs = Samples.Server(Callers);

    [Benchmark]
    public PolicyPlan Decide() => ServerDecision.Decide(_inputs);
}
