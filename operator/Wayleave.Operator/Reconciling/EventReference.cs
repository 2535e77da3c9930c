using k8s;
using k8s.Models;
using Wayleave.Api;

namespace Wayleave.Operator.Reconciling;

/// <summary>What Events about our resources refer to.</summary>
internal static class EventReference
{
    public static V1ObjectReference To(IKubernetesObject<V1ObjectMeta> entity, string kind) => new()
    {
        ApiVersion = Group.ApiVersion,
        Kind = kind,
        Name = entity.Metadata.Name,
        NamespaceProperty = entity.Metadata.NamespaceProperty,
        Uid = entity.Metadata.Uid,
        ResourceVersion = entity.Metadata.ResourceVersion,
    };
}
