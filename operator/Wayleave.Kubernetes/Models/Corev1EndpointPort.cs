namespace Wayleave.Kubernetes.Models;

public sealed class Corev1EndpointPort
{
    public string? Name { get; set; }

    public int Port { get; set; }

    public string? Protocol { get; set; }
}
