namespace Wayleave.Kubernetes.Models;

/// <summary>Every address is reached at every port.</summary>
public sealed class V1EndpointSubset
{
    public List<V1EndpointAddress>? Addresses { get; set; }

    public List<Corev1EndpointPort>? Ports { get; set; }
}
