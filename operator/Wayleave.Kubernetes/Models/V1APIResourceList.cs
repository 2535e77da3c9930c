namespace Wayleave.Kubernetes.Models;

public sealed class V1APIResourceList : IKubernetesObject
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public string? GroupVersion { get; set; }

    public List<V1APIResource>? Resources { get; set; }
}
