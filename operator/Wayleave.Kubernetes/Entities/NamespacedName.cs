using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes;

/// <summary>The key of an object within its kind. The namespace is empty for cluster-scoped kinds.</summary>
public readonly record struct NamespacedName(string Namespace, string Name) : INamespacedKey
{
    public static NamespacedName From(IKubernetesObject<V1ObjectMeta> entity) =>
        new(entity.Metadata.NamespaceProperty ?? "", entity.Metadata.Name ?? "");

    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}

/// <summary>A key of a work queue that logs can show.</summary>
public interface INamespacedKey
{
    /// <summary>Empty if it has none.</summary>
    string Namespace { get; }

    string Name { get; }
}
