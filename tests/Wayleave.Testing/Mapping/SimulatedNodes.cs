using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using k8s.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Operators;

namespace Wayleave.Testing.Mapping;

/// <summary>A Pod that runs, with the address that it got.</summary>
/// <param name="Controller">The only item of its owner references, as JSON. Empty for none.</param>
public sealed record SimulatedPod(string Namespace, string Name, string Node, string Address, string Controller)
{
    public string Account { get; init; } = "default";

    public DateTimeOffset StartedAt { get; init; } = DateTimeOffset.UtcNow.AddMinutes(-1);

    /// <summary>As a JSON object.</summary>
    public string Labels { get; init; } = "{}";
}

/// <summary>
/// Writes nodes and Pods as kubelets would, and gives sensors their tokens. The owners of the Pods need not exist: start the control plane
/// without the controllers that mind.
/// </summary>
public sealed class SimulatedNodes(TestCluster cluster) : IDisposable
{
    public const string SensorNamespace = "wayleave-sensor";
    private const string SensorAccount = "wayleave-sensor";

    private static readonly MediaTypeHeaderValue _json = new("application/json");
    private static readonly MediaTypeHeaderValue _merge = new("application/merge-patch+json");
    private readonly k8s.Kubernetes _raw = RawClient.Open(cluster.ControlPlane.KubeconfigPath, "simulated-nodes");

    /// <summary>Creates a namespace, and the ServiceAccount of its Pods.</summary>
    public async Task CreateNamespaceAsync(string name, string account = "default")
    {
        await cluster.CreateNamespaceAsync(name);
        await cluster.ApplyAsync($$$"""{apiVersion: v1, kind: ServiceAccount, metadata: {name: {{{account}}}, namespace: {{{name}}}}}""");
    }

    /// <summary>Creates the namespace of the sensors.</summary>
    public Task CreateSensorNamespaceAsync() => CreateNamespaceAsync(SensorNamespace, SensorAccount);

    /// <summary>Creates a node and its sensor.</summary>
    /// <param name="name">The name of the node.</param>
    /// <param name="sensor">The Pod of the sensor, which has the address of the node.</param>
    /// <param name="address">That address.</param>
    /// <param name="range">The range of the addresses of its Pods. Null if the network plugin manages them.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The token of the sensor.</returns>
    public async Task<string> CreateNodeAsync(string name, string sensor, string address, string? range, CancellationToken cancellationToken = default)
    {
        var spec = range is null ? "" : $$$""","spec":{"podCIDR":"{{{range}}}","podCIDRs":["{{{range}}}"]}""";
        using var created = await SendAsync(
            HttpMethod.Post, "api/v1/nodes", $$$"""{"apiVersion":"v1","kind":"Node","metadata":{"name":"{{{name}}}"}{{{spec}}} }""", _json, cancellationToken);
        var pod = new SimulatedPod(SensorNamespace, sensor, name, address, Controller: "") { Account = SensorAccount };
        var uid = await CreatePodAsync(pod, cancellationToken);
        var request = $$$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["wayleave-mapper"],"expirationSeconds":3600,"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"{{{sensor}}}","uid":"{{{uid}}}"} } }""";
        using var answer = await SendAsync(
            HttpMethod.Post, $"api/v1/namespaces/{SensorNamespace}/serviceaccounts/{SensorAccount}/token", request, _json, cancellationToken);
        return answer.RootElement.GetProperty("status").GetProperty("token").GetString()!;
    }

    /// <returns>Its UID.</returns>
    public async Task<Guid> CreatePodAsync(SimulatedPod pod, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var owners = pod.Controller.Length > 0 ? $$$""","ownerReferences":[{{{pod.Controller}}}]""" : "";
        var body = $$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{pod.Name}}}","labels":{{{pod.Labels}}}{{{owners}}} },"spec":{"nodeName":"{{{pod.Node}}}","serviceAccountName":"{{{pod.Account}}}","automountServiceAccountToken":false,"terminationGracePeriodSeconds":0,"containers":[{"name":"main","image":"a"}]}}""";
        using var created = await SendAsync(HttpMethod.Post, $"api/v1/namespaces/{pod.Namespace}/pods", body, _json, cancellationToken);
        var started = pod.StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var container = $$$"""{"name":"main","image":"a","imageID":"a","ready":true,"restartCount":0,"state":{"running":{"startedAt":"{{{started}}}"} } }""";
        var status = $$$"""{"status":{"phase":"Running","podIP":"{{{pod.Address}}}","podIPs":[{"ip":"{{{pod.Address}}}"}],"startTime":"{{{started}}}","containerStatuses":[{{{container}}}]}}""";
        using var patched = await SendAsync(HttpMethod.Patch, $"api/v1/namespaces/{pod.Namespace}/pods/{pod.Name}/status", status, _merge, cancellationToken);
        return Guid.Parse(created.RootElement.GetProperty("metadata").GetProperty("uid").GetString()!);
    }

    /// <summary>Deletes a Pod at once.</summary>
    public async Task DeletePodAsync(string @namespace, string name, CancellationToken cancellationToken = default)
    {
        using var deleted = await SendAsync(
            HttpMethod.Delete, $"api/v1/namespaces/{@namespace}/pods/{name}?gracePeriodSeconds=0", body: null, _json, cancellationToken);
    }

    /// <summary>Creates an object, given as JSON.</summary>
    /// <param name="path">The path of its kind, such as <c>apis/apps/v1/namespaces/shop/replicasets</c>.</param>
    /// <param name="json">The object.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>As it was stored.</returns>
    public Task<JsonDocument> CreateAsync(string path, string json, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, path, json, _json, cancellationToken);

    /// <summary>Waits until a mapper has published the authority of its certificate.</summary>
    /// <returns>The authority, as PEM.</returns>
    public async Task<string> ReadAuthorityAsync(CancellationToken cancellationToken = default) => await Poll.UntilAsync(
        "the authority of the mapper",
        async token =>
        {
            var published = await cluster.Client.GetAsync<V1ConfigMap>("wayleave-mapper-ca", SensorNamespace, token);
            return published?.Data is { } data && data.TryGetValue("ca.crt", out var pem) ? pem : null;
        },
        Poll.Patience,
        cancellationToken);

    public void Dispose() => _raw.Dispose();

    private async Task<JsonDocument> SendAsync(HttpMethod method, string uri, string? body, MediaTypeHeaderValue type, CancellationToken cancellationToken)
    {
        using var content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = type } };
        using var request = new HttpRequestMessage(method, uri) { Content = content };
        using var answer = await _raw.HttpClient.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw new HttpRequestException(text, null, answer.StatusCode);
    }
}
