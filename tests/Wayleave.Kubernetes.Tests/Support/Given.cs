using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Objects to test with.</summary>
internal static class Given
{
    public static EntityRegistry Registry { get; } = EntityRegistry.Empty
        .Add<V1ConfigMap>(KubernetesJson.Default)
        .Add<V1Namespace>(KubernetesJson.Default)
        .Add<V1NetworkPolicy>(KubernetesJson.Default)
        .Add<V1Deployment>(KubernetesJson.Default)
        .Add<V1Lease>(KubernetesJson.Default)
        .Add<Eventsv1Event>(KubernetesJson.Default);

    public static V1ConfigMap ConfigMap(string name, string version = "1", string? uid = null, string @namespace = "shop") => new()
    {
        Metadata = { Name = name, NamespaceProperty = @namespace, ResourceVersion = version, Uid = uid ?? $"uid-{name}" },
    };

    public static V1ConfigMap Labelled(this V1ConfigMap map, string key, string value)
    {
        (map.Metadata.Labels ??= new(StringComparer.Ordinal))[key] = value;
        return map;
    }

    /// <summary>How tests write an object down: name, version, uid.</summary>
    public static string? Text(this V1ConfigMap? map) => map is null ? null : $"{map.Metadata.Name}@{map.Metadata.ResourceVersion}";
}
