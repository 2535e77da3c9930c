using System.Globalization;
using Wayleave.Api;
using Wayleave.EndToEnd.Tests.Kubernetes;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>A cluster whose Pods have the addresses that a test gives them, as a kubelet would.</summary>
internal sealed class MappedCluster : IAsyncDisposable
{
    private const string NodeYaml = $$$"""{apiVersion: v1, kind: Node, metadata: {name: {{{RunningMapper.Node}}}}}""";

    private static int _namespaces;
    private readonly TestCluster _cluster;
    private readonly LayerClient _client;

    private MappedCluster(TestCluster cluster, LayerClient client) => (_cluster, _client) = (cluster, client);

    public IKubernetesClient Client => _client.Kubernetes;

    public string KubeconfigPath => _cluster.ControlPlane.KubeconfigPath;

    public static async Task<MappedCluster> StartAsync()
    {
        var cluster = await ClusterPool.TakeAsync();
        var registry = EntityRegistry.Create(ApiJson.Default).Add<ObservedIntents>().Add<PartialService>().Add<PartialPod>();
        var client = new LayerClient(cluster.ControlPlane.KubeconfigPath, "mapper-tests", registry);

        // Pods of a node that does not exist are deleted.
        await cluster.ApplyAsync(NodeYaml);
        return new MappedCluster(cluster, client);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DeleteAllAsync<PartialPod>();
        await _cluster.DeleteDeclarationsAsync();
        await _cluster.DeleteAsync(NodeYaml);
        foreach (var stored in (await Client.ListAsync<ObservedIntents>(new ListOptions(), default)).Items)
        {
            await Client.DeleteAsync<ObservedIntents>(stored.Metadata.Name, stored.Metadata.NamespaceProperty, preconditions: null, default);
        }

        _client.Dispose();
        await _cluster.DisposeAsync();
    }

    public Task ApplyAsync(string yaml) => _cluster.ApplyAsync(yaml);

    /// <returns>The output.</returns>
    public async Task<string> KubectlAsync(params IReadOnlyList<string> arguments) =>
        (await _cluster.ControlPlane.KubectlAsync(arguments)).EnsureSuccess().Output;

    /// <summary>A kubeconfig for a token of a ServiceAccount.</summary>
    public Task<string> WriteKubeconfigAsync(string token) => new ServiceAccount("", token).WriteKubeconfigAsync(_cluster.ControlPlane);

    public async Task<string> NewNamespaceAsync()
    {
        var name = $"mapped-{Interlocked.Increment(ref _namespaces)}";
        await _cluster.CreateNamespaceAsync(name);
        await _cluster.ApplyAsync($$$"""{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: {{{name}}}}}""");
        return name;
    }

    /// <summary>A part of the cluster for operators, with a namespace for Pods.</summary>
    public async Task<Scene> SetSceneAsync()
    {
        var scene = await Scene.SetAsync(_cluster);
        await _cluster.ApplyAsync($$$"""{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: {{{scene.Namespace}}}}}""");
        return scene;
    }

    public Task<RunningMapper> StartMapperAsync(params string[] flags) => StartMapperAsync(isReady: true, flags);

    public async Task<RunningMapper> StartMapperAsync(bool isReady, params string[] flags)
    {
        var mapper = await RunningMapper.StartAsync(_cluster.ControlPlane.KubeconfigPath, flags);
        if (isReady)
        {
            await mapper.UntilReadyAsync();
        }

        return mapper;
    }

    /// <summary>A Pod that runs since then, or since a minute ago.</summary>
    /// <returns>Its UID.</returns>
    public async Task<Guid> CreatePodAsync(string @namespace, string name, string address, DateTime? startedAt = null)
    {
        await _cluster.ApplyAsync(
            $$$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: {{{name}}}, namespace: {{{@namespace}}}, labels: {app: {{{name}}}}}
            spec: {nodeName: {{{RunningMapper.Node}}}, terminationGracePeriodSeconds: 0, automountServiceAccountToken: false, containers: [{name: main, image: a, ports: [{containerPort: 8080}]}]}
            """);
        var since = (startedAt ?? DateTime.UtcNow.AddMinutes(-1)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var status =
            $$$$"""{"status":{"phase":"Running","podIP":"{{{{address}}}}","podIPs":[{"ip":"{{{{address}}}}"}],"conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"name":"main","image":"a","imageID":"a","ready":true,"restartCount":0,"state":{"running":{"startedAt":"{{{{since}}}}"}}}]}}""";
        (await _cluster.ControlPlane.KubectlAsync(
            ["patch", "pod", name, $"--namespace={@namespace}", "--subresource=status", "--type=merge", "--patch", status])).EnsureSuccess();
        return Guid.Parse((await Client.GetAsync<PartialPod>(name, @namespace, default))!.Metadata.Uid);
    }

    public async Task DeletePodAsync(string @namespace, string name) =>
        (await _cluster.ControlPlane.KubectlAsync(["delete", "pod", name, $"--namespace={@namespace}", "--force", "--grace-period=0"])).EnsureSuccess();

    /// <returns>Its address.</returns>
    public async Task<string> CreateServiceAsync(string @namespace, string name, string endpoint)
    {
        await _cluster.ApplyAsync(
            $$$"""
            apiVersion: v1
            kind: Service
            metadata: {name: {{{name}}}, namespace: {{{@namespace}}}}
            spec: {ports: [{name: http, port: 80, targetPort: 8080, protocol: TCP}]}
            ---
            apiVersion: v1
            kind: Endpoints
            metadata: {name: {{{name}}}, namespace: {{{@namespace}}}}
            subsets: [{addresses: [{ip: {{{endpoint}}}}], ports: [{name: http, port: 8080, protocol: TCP}]}]
            """);
        return (await Client.GetAsync<PartialService>(name, @namespace, default))!.Spec!.ClusterIP!;
    }

    public async Task<ObservedIntents> UntilStoredAsync(string @namespace, string name, Func<ObservedIntents, bool> wanted) =>
        await Poll.UntilAsync(
            $"{name}",
            async token => await Client.GetAsync<ObservedIntents>(name, @namespace, token) is { } found && wanted(found) ? found : null,
            Poll.Patience,
            default) ?? throw new InvalidOperationException("It was found.");
}
