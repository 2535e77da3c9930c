using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Text;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;
using YamlDotNet.RepresentationModel;

using Cluster = Wayleave.Testing.ControlPlane.ControlPlane;

namespace Wayleave.Testing.Operators;

/// <summary>A control plane with the CRDs and the operator's namespace, and methods to apply and delete objects quickly.</summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly ApiServerConnection _connection;
    private readonly k8s.Kubernetes _raw;
    private readonly ServiceProvider _services;

    private TestCluster(Cluster controlPlane)
    {
        ControlPlane = controlPlane;
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var options = new KubernetesClientOptions { FieldManager = "test" };
        var source = KubeConfigFile.Read(controlPlane.KubeconfigPath) with { UserAgent = "wayleave-test" };
        _connection = new ApiServerConnection(source, options, new KubernetesMetrics(_services.GetRequiredService<IMeterFactory>()), TimeProvider.System);
        _raw = RawClient.Open(controlPlane.KubeconfigPath, "wayleave-test");
        Client = new KubernetesClient(_connection, Registry, options);
    }

    public static EntityRegistry Registry { get; } = EntityRegistry.Create(ApiJson.Default)
        .Add<V1Namespace>(EntityScope.Cluster)
        .Add<V1ConfigMap>()
        .Add<PartialDeployment>()
        .Add<PartialPod>()
        .Add<PartialService>()
        .Add<V1NetworkPolicy>()
        .Add<V1Lease>()
        .Add<Eventsv1Event>()
        .Add<ClientIntents>()
        .Add<ProtectedService>()
        .Add<EnforcementPolicy>()
        .Add<Wayleave.Api.Cluster>()
        .Add<KafkaServerConfig>()
        .Add<ObservedIntents>();

    public Cluster ControlPlane { get; }

    /// <summary>A typed client of a cluster admin, with the field manager <c>test</c>.</summary>
    public IKubernetesClient Client { get; }

    /// <summary>Called when the cluster is disposed. True keeps it running for another test, false stops it.</summary>
    internal Func<Task<bool>>? OnDispose { get; set; }

    public static async Task<TestCluster> StartAsync(ControlPlaneOptions? options = null, CancellationToken cancellationToken = default)
    {
        var cluster = new TestCluster(await Cluster.StartAsync(options, cancellationToken));
        var crds = Checkout.PathOf("crds");
        (await cluster.ControlPlane.KubectlAsync(["apply", "--server-side", "--validate=false", "-f", crds], cancellationToken: cancellationToken)).EnsureSuccess();
        (await cluster.ControlPlane.KubectlAsync(["wait", "--for=condition=Established", "--timeout=30s", "-f", crds], cancellationToken: cancellationToken)).EnsureSuccess();
        await cluster.CreateNamespaceAsync("wayleave-system", cancellationToken);
        return cluster;
    }

    /// <summary>Starts a control plane in which nothing of Wayleave is installed.</summary>
    public static async Task<TestCluster> StartBareAsync(ControlPlaneOptions? options = null, CancellationToken cancellationToken = default) =>
        new(await Cluster.StartAsync((options ?? new ControlPlaneOptions()) with { ExternalKubeconfig = null }, cancellationToken));

    /// <summary>Creates a namespace with the name label, which API servers set themselves since 1.21.</summary>
    public Task CreateNamespaceAsync(string name, CancellationToken cancellationToken = default) => ApplyAsync(
        $$$"""
        apiVersion: v1
        kind: Namespace
        metadata: {name: {{{name}}}, labels: {kubernetes.io/metadata.name: {{{name}}}}}
        """,
        cancellationToken);

    /// <summary>Server-side applies YAML documents, by force.</summary>
    /// <exception cref="HttpRequestException">The API server refused one; the message has its answer.</exception>
    public Task ApplyAsync(string yaml, CancellationToken cancellationToken = default) => ApplyAsync(yaml, "fieldManager=test&force=true", cancellationToken);

    /// <summary>Validates the documents as <see cref="ApplyAsync(string, CancellationToken)"/> does, and stores nothing.</summary>
    /// <exception cref="HttpRequestException">The API server refused one; the message has its answer.</exception>
    public Task DryRunAsync(string yaml, CancellationToken cancellationToken = default) =>
        ApplyAsync(yaml, "fieldManager=test&force=true&dryRun=All", cancellationToken);

    /// <summary>Deletes an object of any kind that <see cref="ApplyAsync(string, CancellationToken)"/> supports.</summary>
    public async Task DeleteAsync(string yaml, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, PathOf(yaml));
        await SendAsync(request, cancellationToken);
    }

    /// <summary>Deletes every object of a kind in all namespaces. kubectl would wait for one after the other.</summary>
    public async Task DeleteAllAsync<TEntity>(CancellationToken cancellationToken = default)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var all = await Client.ListAsync<TEntity>(new ListOptions(), cancellationToken);
        await Parallel.ForEachAsync(all.Items, cancellationToken, async (entity, token) =>
            await Client.DeleteAsync<TEntity>(entity.Metadata.Name!, entity.Metadata.NamespaceProperty, null, token));
    }

    /// <summary>Deletes every declaration, and everything that was observed, in all namespaces.</summary>
    public async Task DeleteDeclarationsAsync(CancellationToken cancellationToken = default)
    {
        await DeleteAllAsync<ClientIntents>(cancellationToken);
        await DeleteAllAsync<ProtectedService>(cancellationToken);
        await DeleteAllAsync<EnforcementPolicy>(cancellationToken);
        await DeleteAllAsync<KafkaServerConfig>(cancellationToken);
        await DeleteAllAsync<ObservedIntents>(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (OnDispose is { } instead && await instead())
        {
            return;
        }

        _connection.Dispose();
        _raw.Dispose();
        await _services.DisposeAsync();
        await ControlPlane.DisposeAsync();
    }

    private async Task ApplyAsync(string yaml, string query, CancellationToken cancellationToken)
    {
        foreach (var document in yaml.Split("\n---", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, $"{PathOf(document)}?{query}")
            {
                Content = new StringContent(document, Encoding.UTF8, new MediaTypeHeaderValue("application/apply-patch+yaml")),
            };
            await SendAsync(request, cancellationToken);
        }
    }

    private async Task SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var answer = await _raw.HttpClient.SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(await answer.Content.ReadAsStringAsync(cancellationToken), null, answer.StatusCode);
        }
    }

    private static string PathOf(string document)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(document));
        var root = stream.Documents[0].RootNode;
        var version = root["apiVersion"].ToString();
        var metadata = (YamlMappingNode)root["metadata"];
        var scope = metadata.Children.TryGetValue("namespace", out var @namespace) ? $"namespaces/{@namespace}/" : "";
        return $"{(version.Contains('/', StringComparison.Ordinal) ? "apis" : "api")}/{version}/{scope}{Plural(root["kind"].ToString())}/{metadata["name"]}";
    }

    private static string Plural(string kind) => kind switch
    {
        "NetworkPolicy" => "networkpolicies",
        "Endpoints" => "endpoints",
        "ClientIntents" => "clientintents",
        "ObservedIntents" => "observedintents",
        "EnforcementPolicy" => "enforcementpolicies",
        "Ingress" => "ingresses",
        "IngressClass" => "ingressclasses",
        _ => kind.ToLowerInvariant() + "s",
    };
}
