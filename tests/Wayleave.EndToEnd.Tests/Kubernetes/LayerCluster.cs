using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>A cluster for the tests of the Kubernetes layer, with the custom resource Widget.</summary>
public sealed class LayerCluster : IAsyncLifetime
{
    private const string WidgetDefinition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.layer.test}
        spec:
          group: layer.test
          scope: Namespaced
          names: {kind: Widget, listKind: WidgetList, plural: widgets, singular: widget}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec: {type: object, properties: {size: {type: integer}}}
                  status: {type: object, properties: {seen: {type: integer}}}
        """;

    // Static, so that fixtures that get the same cluster from the pool use different names.
    private static int _namespaces;
    private LayerClient? _client;
    private TestCluster _cluster = null!;

    public ControlPlane Plane => _cluster.ControlPlane;

    /// <summary>Connects directly to the API server, as an admin.</summary>
    public LayerClient Client => _client!;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterPool.TakeAsync();
        _client = await ConnectAsync();
        (await Plane.KubectlAsync(["apply", "--filename=-"], WidgetDefinition)).EnsureSuccess();
        (await Plane.KubectlAsync(["wait", "--for=condition=Established", "crd/widgets.layer.test"])).EnsureSuccess();
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        await _cluster.DisposeAsync();
    }

    /// <summary>Creates another client, which connects through the proxy if one is given.</summary>
    public async Task<LayerClient> ConnectAsync(TcpProxy? proxy = null, string fieldManager = "layer-tests", EntityRegistry? registry = null)
    {
        var kubeconfig = proxy is null ? Plane.KubeconfigPath : await Plane.WriteKubeconfigAsync(proxy.Address);
        return new LayerClient(kubeconfig, fieldManager, registry);
    }

    /// <summary>A new namespace that no other test uses.</summary>
    public async Task<string> NewNamespaceAsync()
    {
        var name = $"layer-{Interlocked.Increment(ref _namespaces)}";
        await Client.Kubernetes.CreateAsync(new V1Namespace { Metadata = new() { Name = name } }, default);
        return name;
    }
}
