using System.Globalization;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Observation.Graphs;
using Wayleave.Observation.Proposals;

namespace Wayleave.Observation.Tests.Graphs;

/// <summary>Graphs for the tests.</summary>
internal static class GraphSamples
{
    public const string Hostile = "</script><script>document.title='owned'</script>\"\\\u2028\n]; x [label=\"--><img src=x onerror=alert(1)>";

    /// <summary>Workloads in namespaces of about twenty, each of which calls some others and a few domains.</summary>
    public static CallGraph Create(int workloads, int calls)
    {
        var random = new Random(workloads);
        var objects = Enumerable.Range(0, workloads).Select(index => Observed(index, workloads)).ToList();
        for (var count = 0; count < calls; count++)
        {
            var client = random.Next(workloads);
            objects[client].Calls.Add(CreateCall(random, client, workloads));
        }

        var declared = objects.Select(one => Declare(one, random)).Where(intents => intents.Spec.Targets.Count > 0);
        return GraphBuilder.Build(SeenMap.Read(objects), new DeclarationIndex(declared, MapFacts.None), CallFilter.Everything);
    }

    /// <summary>A graph in which every text is hostile.</summary>
    public static CallGraph CreateHostile()
    {
        var (from, to) = (new GraphNode(GraphNodeKind.Workload, Hostile, Hostile), new GraphNode(GraphNodeKind.Outside, "", Hostile + "2"));
        var call = new SeenCall(
            new WorkloadId("a", "Deployment", "b"), new ObservedCall { Target = new() { Internet = new() }, Connections = Hostile });
        return new CallGraph([from, to], [new GraphEdge(from, to, GraphEdgeState.Undeclared, Hostile, [call])]);
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"service-{index}");

    private static string Namespace(int index, int workloads) => string.Create(CultureInfo.InvariantCulture, $"team-{index * Math.Max(1, workloads / 20) / workloads}");

    private static ObservedIntents Observed(int index, int workloads) => new()
    {
        Metadata = new V1ObjectMeta { Name = Name(index), NamespaceProperty = Namespace(index, workloads) },
        Workload = new ObservedWorkload { Name = Name(index), Kind = "Deployment" },
    };

    // Two of three calls stay near their client, and the others go to some that many call.
    private static ObservedCall CreateCall(Random random, int client, int workloads)
    {
        var server = random.Next(3) > 0
            ? Math.Min(workloads - 1, client - (client % 20) + random.Next(20))
            : (int)(workloads * Math.Pow(random.NextDouble(), 4));
        return new ObservedCall
        {
            Target = random.Next(8) == 0
                ? new() { Internet = new() { Domains = [$"api{random.Next(1 + (workloads / 10))}.example.com"], Ports = [443] } }
                : new() { Kubernetes = new() { Name = $"{Name(server)}.{Namespace(server, workloads)}", Kind = "Deployment", Ports = [8080] } },
            Sources = ["Tcp"],
            Outcome = random.Next(15) == 0 ? "Unanswered" : "Connected",
            Class = random.Next(20) == 0 ? "Infrastructure" : null,
            First = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            Last = new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc),
            Connections = "100+",
        };
    }

    private static ClientIntents Declare(ObservedIntents one, Random random) => new()
    {
        Metadata = new V1ObjectMeta { Name = one.Workload.Name, NamespaceProperty = one.Metadata.NamespaceProperty },
        Spec = new ClientIntentsSpec
        {
            Workload = new WorkloadRef { Name = one.Workload.Name },
            Targets =
            [
                .. one.Calls.Where(_ => random.Next(3) > 0).Select(call => call.Target),
                .. random.Next(6) == 0 ? [new IntentTarget { Kubernetes = new() { Name = Name(0) + ".team-0", Ports = [9999] } }] : Array.Empty<IntentTarget>(),
            ],
        },
    };
}
