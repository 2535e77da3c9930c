using System.Globalization;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Operators;

/// <summary>
/// Workloads in namespaces of fifty, each of which calls the next in its namespace. ReplicaSets, as a Deployment would make the controller
/// manager add as many objects again.
/// </summary>
internal sealed class ScaleFleet(TestCluster cluster)
{
    public const int PerNamespace = 50;
    private static readonly ParallelOptions Connections = new() { MaxDegreeOfParallelism = 16 };

    /// <summary>How many there are.</summary>
    public int Size { get; private set; }

    public static string NamespaceOf(int i) => string.Create(CultureInfo.InvariantCulture, $"team-{i / PerNamespace}");

    public static string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"app-{i % PerNamespace}");

    public async Task GrowToAsync(int size)
    {
        var namespaces = Enumerable.Range(Size / PerNamespace, (size - Size) / PerNamespace).Select(number => number * PerNamespace);
        await Parallel.ForEachAsync(namespaces, Connections, async (first, token) => await cluster.CreateNamespaceAsync(NamespaceOf(first), token));
        await Parallel.ForAsync(Size, size, Connections, async (i, token) => await cluster.ApplyAsync(Yaml.Workload(NamespaceOf(i), NameOf(i), "ReplicaSet"), token));
        await Parallel.ForAsync(Size, size, Connections, async (i, token) => await DeclareAsync(i, 8080, token));
        Size = size;
    }

    /// <summary>Declares that one calls the next at a port.</summary>
    public Task DeclareAsync(int i, int port, CancellationToken cancellationToken)
    {
        var next = NameOf((i + 1) % PerNamespace);
        var targets = string.Create(CultureInfo.InvariantCulture, $"[{{kubernetes: {{name: {next}, ports: [{port}]}}}}]");
        return cluster.ApplyAsync(Yaml.Intents(NamespaceOf(i), NameOf(i), targets), cancellationToken);
    }

    /// <summary>The policy that a change of one's declaration changes.</summary>
    public static (string Namespace, string Name) PolicyOf(int i) => (NamespaceOf(i), $"wayleave-replicaset-{NameOf((i + 1) % PerNamespace)}-ingress");
}
