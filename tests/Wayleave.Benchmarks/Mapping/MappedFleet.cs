using System.Globalization;
using Wayleave.Testing.Mapping;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Mapping;

/// <summary>A Pod as a sensor sees it.</summary>
internal sealed record FleetPod(Guid Uid, byte[] Address);

/// <summary>Nodes with a sensor and Pods each. The Pods belong to StatefulSets, which do not exist: no controller runs that minds.</summary>
internal sealed class MappedFleet(TestCluster cluster) : IDisposable
{
    public const string Namespace = "fleet";
    public const int PodsPerWorkload = 10;

    private static readonly ParallelOptions _connections = new() { MaxDegreeOfParallelism = 16 };
    private readonly SimulatedNodes _nodes = new(cluster);

    /// <summary>The Pods in order: those of the first node, then those of the next.</summary>
    public FleetPod[] Pods { get; private set; } = [];

    /// <summary>The token of the sensor of each node.</summary>
    public string[] Tokens { get; private set; } = [];

    public async Task CreateAsync(int nodes, int podsPerNode)
    {
        await _nodes.CreateNamespaceAsync(Namespace);
        await _nodes.CreateSensorNamespaceAsync();
        Pods = new FleetPod[nodes * podsPerNode];
        Tokens = new string[nodes];
        await Parallel.ForAsync(0, nodes, _connections, async (node, token) => Tokens[node] = await CreateNodeAsync(node, token));
        await Parallel.ForAsync(0, Pods.Length, _connections, async (pod, token) => Pods[pod] = await CreatePodAsync(pod, pod / podsPerNode, token));
    }

    public Task<string> ReadAuthorityAsync() => _nodes.ReadAuthorityAsync();

    public void Dispose() => _nodes.Dispose();

    private static string NodeOf(int node) => string.Create(CultureInfo.InvariantCulture, $"node-{node}");

    // 10.0.0.0/8, from 10.1.0.0 for Pods. Sensors have the address of their node.
    private static byte[] AddressOf(int pod) => [10, (byte)(1 + (pod >> 16)), (byte)(pod >> 8), (byte)pod];

    private async Task<string> CreateNodeAsync(int node, CancellationToken cancellationToken) => await _nodes.CreateNodeAsync(
        NodeOf(node), string.Create(CultureInfo.InvariantCulture, $"sensor-{node}"), $"192.168.{node / 250}.{1 + (node % 250)}", range: null, cancellationToken);

    private async Task<FleetPod> CreatePodAsync(int pod, int node, CancellationToken cancellationToken)
    {
        // The Pods of a workload are on different nodes.
        var workload = pod % (Pods.Length / PodsPerWorkload);
        var owner = $$$"""{"apiVersion":"apps/v1","kind":"StatefulSet","name":"app-{{{workload}}}","uid":"{{{new Guid(workload, 0, 0, new byte[8])}}}","controller":true}""";
        var address = AddressOf(pod);
        var name = string.Create(CultureInfo.InvariantCulture, $"app-{workload}-{pod}");
        var uid = await _nodes.CreatePodAsync(new SimulatedPod(Namespace, name, NodeOf(node), string.Join('.', address), owner), cancellationToken);
        return new FleetPod(uid, address);
    }
}
