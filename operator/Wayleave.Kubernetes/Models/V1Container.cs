namespace Wayleave.Kubernetes.Models;

public sealed class V1Container
{
    public List<V1ContainerPort>? Ports { get; set; }
}
