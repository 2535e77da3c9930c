using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>A client made as a program makes it, from a kubeconfig, with connections and metrics of its own.</summary>
public sealed class LayerClient : IDisposable
{
    private readonly HttpClient _http;

    public LayerClient(string kubeconfig, string fieldManager)
    {
        var configuration = new KubeConfigFile(TimeProvider.System).Read(kubeconfig);
        var options = new KubernetesClientOptions { FieldManager = fieldManager };
        Metrics = Meters.Metrics();
        _http = KubernetesHttp.Create(configuration, options, Metrics, TimeProvider.System);
        Kubernetes = new KubernetesClient(_http, Registry, options);
    }

    public static EntityRegistry Registry { get; } = EntityRegistry.Empty
        .Add<V1ConfigMap>(KubernetesJson.Default)
        .Add<V1CronJob>(KubernetesJson.Default)
        .Add<V1Deployment>(KubernetesJson.Default)
        .Add<V1Lease>(KubernetesJson.Default)
        .Add<V1Namespace>(KubernetesJson.Default)
        .Add<V1NetworkPolicy>(KubernetesJson.Default)
        .Add<Eventsv1Event>(KubernetesJson.Default)
        .Add<Widget>(WidgetJson.Default)
        .Add<UnservedWidget>(WidgetJson.Default);

    public KubernetesClient Kubernetes { get; }

    public FakeMeters Meters { get; } = new();

    public KubernetesMetrics Metrics { get; }

    public void Dispose()
    {
        _http.Dispose();
        Meters.Dispose();
    }
}
