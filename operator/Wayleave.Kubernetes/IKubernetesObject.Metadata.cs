namespace Wayleave.Kubernetes;

/// <summary>An object with metadata of type <typeparamref name="TMetadata"/>.</summary>
public interface IKubernetesObject<TMetadata> : IKubernetesObject
{
    TMetadata Metadata { get; set; }
}
