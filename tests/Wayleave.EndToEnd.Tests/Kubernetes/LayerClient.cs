using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>A client that is built from a kubeconfig, as a program builds it, with its own connections and metrics.</summary>
public sealed class LayerClient : IDisposable
{
    private readonly ApiServerConnection _connection;

    public LayerClient(string kubeconfig, string fieldManager, EntityRegistry? registry = null)
    {
        Entities = registry ?? Registry;
        var options = new KubernetesClientOptions { FieldManager = fieldManager };
        Metrics = Meters.Metrics();
        _connection = new ApiServerConnection(KubeConfigFile.Read(kubeconfig), options, Metrics, TimeProvider.System);
        Kubernetes = new KubernetesClient(_connection, Entities, options);
    }

    public static EntityRegistry Registry { get; } = EntityRegistry.Create(WidgetJson.Default)
        .Add<V1ConfigMap>()
        .Add<PartialCronJob>()
        .Add<PartialDeployment>()
        .Add<V1Lease>()
        .Add<V1Namespace>(EntityScope.Cluster)
        .Add<V1NetworkPolicy>()
        .Add<Eventsv1Event>()
        .Add<Widget>()
        .Add<UnservedWidget>();

    /// <summary>The kinds that this client knows.</summary>
    public EntityRegistry Entities { get; }

    public KubernetesClient Kubernetes { get; }

    public FakeMeters Meters { get; } = new();

    public KubernetesMetrics Metrics { get; }

    public void Dispose()
    {
        _connection.Dispose();
        Meters.Dispose();
    }
}
