namespace Wayleave.Kubernetes.Models;

public sealed class Discoveryv1EndpointPort
{
    public string? Name { get; set; }

    /// <summary>Absent: every port.</summary>
    public int? Port { get; set; }

    public string? Protocol { get; set; }
}
