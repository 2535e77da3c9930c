using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Models;

/// <summary>
/// The part of an object that this operator reads. Kubernetes' own term is <c>PartialObjectMetadata</c>; these keep a little more than the
/// metadata. What a class lacks is skipped while it is read, so a cache of thousands costs a fraction of the full models. Never written.
/// </summary>
public abstract class PartialObject : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();
}

/// <summary>A part of an object with a <c>spec</c>.</summary>
public abstract class PartialObject<TSpec> : PartialObject, ISpec<TSpec?>
    where TSpec : class
{
    public TSpec? Spec { get; set; }
}
