using k8s;
using k8s.Models;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>A custom resource with a status.</summary>
[KubernetesEntity(Group = "layer.test", ApiVersion = "v1", Kind = "Widget", PluralName = "widgets")]
public sealed class Widget : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public WidgetSpec? Spec { get; set; }

    public WidgetStatus? Status { get; set; }
}
