namespace Wayleave.Kubernetes.Models;

/// <summary>What network policy needs to know of a pod: its named ports.</summary>
public sealed class V1PodSpec
{
    public List<V1Container>? Containers { get; set; }
}
