using System.Text.Json;
using BenchmarkDotNet.Attributes;
using k8s;
using k8s.Models;
using Wayleave.Enforcement.Decisions;

namespace Wayleave.Benchmarks.Micro;

/// <summary>Serializing the request body of a policy.</summary>
[MemoryDiagnoser]
public class ApplyBodyBenchmarks
{
    private V1NetworkPolicy _policy = null!;

    [Params(1, 100, 10_000)]
    public int Callers { get; set; }

    [GlobalSetup]
    public void Setup() => _policy = IngressPlanner.Plan(Samples.Server(Callers)).Desired[0];

    [Benchmark]
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(_policy, SourceGenerationContext.Default.V1NetworkPolicy);
}
