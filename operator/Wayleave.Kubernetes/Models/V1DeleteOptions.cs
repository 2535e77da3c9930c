namespace Wayleave.Kubernetes.Models;

public sealed class V1DeleteOptions : IKubernetesObject
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1Preconditions? Preconditions { get; set; }

    public string? PropagationPolicy { get; set; }
}
