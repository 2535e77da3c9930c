using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Protobuf;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Objects to test with.</summary>
internal static class Given
{
    public static EntityRegistry Registry { get; } = EntityRegistry.Create()
        .Add<V1ConfigMap>()
        .Add<V1Namespace>(EntityScope.Cluster)
        .Add<V1NetworkPolicy>()
        .Add<PartialDeployment>(protobuf: WorkloadMessages.Deployment)
        .Add<V1Lease>()
        .Add<V1SelfSubjectAccessReview>(EntityScope.Cluster, "selfsubjectaccessreviews")
        .Add<Eventsv1Event>();

    public static V1ConfigMap ConfigMap(string name, string version = "1", string? uid = null, string @namespace = "shop") => new()
    {
        Metadata = new() { Name = name, NamespaceProperty = @namespace, ResourceVersion = version, Uid = uid ?? $"uid-{name}" },
    };

    public static V1ConfigMap Labeled(this V1ConfigMap map, string key, string value)
    {
        (map.Metadata.Labels ??= new Dictionary<string, string>(StringComparer.Ordinal))[key] = value;
        return map;
    }

    /// <summary>Name and version, as tests write an object.</summary>
    public static string? Text(this IKubernetesObject<V1ObjectMeta>? entity) =>
        entity is null ? null : $"{entity.Metadata.Name}@{entity.Metadata.ResourceVersion}";
}
