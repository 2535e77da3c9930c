using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Mapping;

/// <summary>A Pod as a sensor sees it.</summary>
internal sealed record FleetPod(Guid Uid, byte[] Address);

/// <summary>Nodes with a sensor and Pods each. The Pods belong to StatefulSets, which do not exist: no controller runs that minds.</summary>
internal sealed class MappedFleet(TestCluster cluster) : IDisposable
{
    public const string Namespace = "fleet";
    public const string SensorNamespace = "wayleave-sensor";
    public const int PodsPerWorkload = 10;

    private static readonly ParallelOptions _connections = new() { MaxDegreeOfParallelism = 16 };
    private static readonly MediaTypeHeaderValue _json = new("application/json");
    private static readonly MediaTypeHeaderValue _merge = new("application/merge-patch+json");
    private readonly k8s.Kubernetes _raw = RawClient.Open(cluster.ControlPlane.KubeconfigPath, "fleet");

    /// <summary>The Pods in order: those of the first node, then those of the next.</summary>
    public FleetPod[] Pods { get; private set; } = [];

    /// <summary>The token of the sensor of each node.</summary>
    public string[] Tokens { get; private set; } = [];

    public async Task CreateAsync(int nodes, int podsPerNode)
    {
        foreach (var (name, account) in new[] { (Namespace, "default"), (SensorNamespace, "wayleave-sensor") })
        {
            await cluster.CreateNamespaceAsync(name);
            await cluster.ApplyAsync($$$"""{apiVersion: v1, kind: ServiceAccount, metadata: {name: {{{account}}}, namespace: {{{name}}}}}""");
        }

        Pods = new FleetPod[nodes * podsPerNode];
        Tokens = new string[nodes];
        await Parallel.ForAsync(0, nodes, _connections, async (node, token) => Tokens[node] = await CreateNodeAsync(node, token));
        await Parallel.ForAsync(0, Pods.Length, _connections, async (pod, token) => Pods[pod] = await CreatePodAsync(pod, pod / podsPerNode, token));
    }

    public void Dispose() => _raw.Dispose();

    private static string NodeOf(int node) => string.Create(CultureInfo.InvariantCulture, $"node-{node}");

    // 10.0.0.0/8, from 10.1.0.0 for Pods. Sensors have the address of their node.
    private static byte[] AddressOf(int pod) => [10, (byte)(1 + (pod >> 16)), (byte)(pod >> 8), (byte)pod];

    private async Task<string> CreateNodeAsync(int node, CancellationToken cancellationToken)
    {
        await SendAsync(HttpMethod.Post, "api/v1/nodes", $$$"""{"apiVersion":"v1","kind":"Node","metadata":{"name":"{{{NodeOf(node)}}}"}}""", _json, cancellationToken);
        var name = string.Create(CultureInfo.InvariantCulture, $"sensor-{node}");
        var uid = await CreatePodAsync(SensorNamespace, name, "wayleave-sensor", node, owner: "", $"192.168.{node / 250}.{1 + (node % 250)}", cancellationToken);
        var request = $$$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["wayleave-mapper"],"expirationSeconds":3600,"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"{{{name}}}","uid":"{{{uid}}}"} } }""";
        using var answer = await SendAsync(HttpMethod.Post, $"api/v1/namespaces/{SensorNamespace}/serviceaccounts/wayleave-sensor/token", request, _json, cancellationToken);
        return answer.RootElement.GetProperty("status").GetProperty("token").GetString()!;
    }

    private async Task<FleetPod> CreatePodAsync(int pod, int node, CancellationToken cancellationToken)
    {
        // The Pods of a workload are on different nodes.
        var workload = pod % (Pods.Length / PodsPerWorkload);
        var owner = $$$""", "ownerReferences": [{"apiVersion":"apps/v1","kind":"StatefulSet","name":"app-{{{workload}}}","uid":"{{{new Guid(workload, 0, 0, new byte[8])}}}","controller":true}]""";
        var address = AddressOf(pod);
        var name = string.Create(CultureInfo.InvariantCulture, $"app-{workload}-{pod}");
        var uid = await CreatePodAsync(Namespace, name, "default", node, owner, string.Join('.', address), cancellationToken);
        return new FleetPod(uid, address);
    }

    private async Task<Guid> CreatePodAsync(string @namespace, string name, string account, int node, string owner, string address, CancellationToken cancellationToken)
    {
        var body = $$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}"{{{owner}}} },"spec":{"nodeName":"{{{NodeOf(node)}}}","serviceAccountName":"{{{account}}}","automountServiceAccountToken":false,"containers":[{"name":"main","image":"a"}]}}""";
        using var created = await SendAsync(HttpMethod.Post, $"api/v1/namespaces/{@namespace}/pods", body, _json, cancellationToken);
        var status = $$$"""{"status":{"phase":"Running","podIP":"{{{address}}}","podIPs":[{"ip":"{{{address}}}"}],"startTime":"{{{DateTime.UtcNow.AddMinutes(-1):yyyy-MM-dd'T'HH:mm:ss'Z'}}}"}}""";
        using var patched = await SendAsync(HttpMethod.Patch, $"api/v1/namespaces/{@namespace}/pods/{name}/status", status, _merge, cancellationToken);
        return Guid.Parse(created.RootElement.GetProperty("metadata").GetProperty("uid").GetString()!);
    }

    private async Task<JsonDocument> SendAsync(HttpMethod method, string uri, string body, MediaTypeHeaderValue type, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = type } };
        using var request = new HttpRequestMessage(method, uri) { Content = content };
        using var answer = await _raw.HttpClient.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw new HttpRequestException(text, null, answer.StatusCode);
    }
}
