namespace Wayleave.Kubernetes.Models;

public sealed class V1ServiceSpec
{
    public string? Type { get; set; }

    public string? ClusterIP { get; set; }

    /// <summary>Addresses outside the cluster whose traffic nodes accept for the Service.</summary>
    public List<string>? ExternalIPs { get; set; }

    public Dictionary<string, string>? Selector { get; set; }

    public List<V1ServicePort>? Ports { get; set; }
}
