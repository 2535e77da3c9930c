using k8s.Models;
using Wayleave.Api;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Reconciling;

namespace Wayleave.Operator.Tests.Observing;

/// <summary>Builds what the network mapper has seen in the shop.</summary>
internal static class SeenCalls
{
    public static RunningOptions Options => new() { ObservedIntents = true };

    public static ObservedIntents By(string client, params ObservedCall[] calls) => new()
    {
        Metadata = new V1ObjectMeta { Name = $"deployment-{client}", NamespaceProperty = Shop.Namespace },
        Workload = new ObservedWorkload { Name = client, Kind = "Deployment" },
        Since = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        Calls = [.. calls],
    };

    public static ObservedCall To(string server, int port = 8080, string outcome = ObservedOutcomes.Connected) => new()
    {
        Target = new IntentTarget { Kubernetes = new KubernetesTarget { Name = server, Kind = "Deployment", Ports = [port] } },
        Outcome = outcome,
        Sources = [ObservedSources.Tcp],
    };

    public static ObservedCall ToDomain(string name) => new()
    {
        Target = new IntentTarget { Internet = new InternetTarget { Domains = [name], Ports = [443] } },
        Outcome = ObservedOutcomes.Connected,
        Sources = [ObservedSources.Tcp, ObservedSources.Dns],
    };
}
