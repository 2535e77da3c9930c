namespace Wayleave.Kubernetes.Models;

/// <summary>What the API server answers where there is no object to answer with.</summary>
public sealed class V1Status : IKubernetesObject
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public string? Status { get; set; }

    public string? Message { get; set; }

    public string? Reason { get; set; }

    public int? Code { get; set; }

    public V1StatusDetails? Details { get; set; }
}
