using k8s;
using k8s.Models;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>A kind whose group and version the API server does not serve.</summary>
[KubernetesEntity(Group = "unserved.test", ApiVersion = "v7", Kind = "Widget", PluralName = "widgets")]
public sealed class UnservedWidget : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();
}
