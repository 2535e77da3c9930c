using BenchmarkDotNet.Attributes;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Benchmarks.Micro;

/// <summary>Deciding about one server, and finding that nothing changed.</summary>
[MemoryDiagnoser]
public class DecisionBenchmarks
{
    private ServerInputs _inputs = null!;
    private V1NetworkPolicy _policy = null!;
    private V1NetworkPolicy _same = null!;

    [Params(1, 100, 10_000)]
    public int Callers { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var key = new ServerKey(ServerType.Workload, "shop", "cart");
        _inputs = new ServerInputs
        {
            Key = key,
            Calls = [.. Enumerable.Range(0, Callers).Select(i => Call(key, i))],
            Candidates = [Workload("shop", "cart")],
            NamespaceExists = true,
            Mode = NamespaceMode.Of(EnforcementMode.Enforce),
        };
        _policy = ServerDecision.Decide(_inputs).Desired[0];
        _same = ServerDecision.Decide(_inputs).Desired[0];
    }

    [Benchmark]
    public ServerPlan Decide() => ServerDecision.Decide(_inputs);

    [Benchmark]
    public bool Compare() => PolicyEquality.Matches(_same, _policy);

    private static DeclaredCall Call(ServerKey key, int index)
    {
        var intents = new ClientIntents
        {
            Metadata = { Name = $"client-{index}", NamespaceProperty = $"team-{index % 100}", Uid = $"uid-{index}", Generation = 1 },
            Spec = { Workload = { Name = $"client-{index}" }, Targets = [new IntentTarget { Kubernetes = new KubernetesTarget { Name = "cart.shop", Ports = [8080] } }] },
        };
        var client = new WorkloadResolution.Found(Workload(intents.Metadata.NamespaceProperty!, intents.Metadata.Name!));
        return new DeclaredCall(intents, 0, new TargetReference(key, null, [8080]), client, ClientNamespaceState.Labelled);
    }

    private static Workload Workload(string @namespace, string name) => new(
        WorkloadKind.Deployment, @namespace, name, name,
        new V1LabelSelector { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = name } });
}
