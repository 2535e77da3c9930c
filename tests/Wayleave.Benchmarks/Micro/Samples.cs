using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Benchmarks.Micro;

/// <summary>A server and its callers.</summary>
internal static class Samples
{
    private const string Namespace = "shop";

    /// <summary>The inputs of a decision about one Deployment with this number of callers.</summary>
    public static ServerInputs Server(int callers) => new()
    {
        Key = new PolicyKey(SubjectType.Workload, Namespace, "cart"),
        Intents = [.. Enumerable.Range(0, callers).Select(Call)],
        Candidates = [Deployment("cart")],
        NamespaceExists = true,
        Settings = new NamespaceSettings(EnforcementMode.Enforce),
    };

    private static IngressIntent Call(int number)
    {
        var intents = new ClientIntents
        {
            Metadata = new V1ObjectMeta { Name = $"client-{number}", NamespaceProperty = Namespace, Uid = $"uid-{number}", Generation = 1 },
            Spec = new ClientIntentsSpec
            {
                Workload = new WorkloadRef { Name = $"client-{number}" },
                Targets = [new IntentTarget { Kubernetes = new KubernetesTarget { Name = "cart", Ports = [8080] } }],
            },
        };
        var client = new WorkloadResolution.Found(Deployment($"client-{number}"));
        return new IngressIntent(intents, intents.Parse().Targets[0], client, NamespaceState.Labeled);
    }

    private static Workload Deployment(string name) => new(
        WorkloadKind.Deployment,
        Namespace,
        name,
        $"uid-of-{name}",
        new V1LabelSelector { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = name } });
}
