namespace Wayleave.Kubernetes.Models;

public sealed class V1APIResource
{
    public string? Name { get; set; }

    public string? Kind { get; set; }

    public bool Namespaced { get; set; }
}
