namespace Wayleave.Kubernetes.Models;

public sealed class V1Endpoint
{
    public List<string>? Addresses { get; set; }
}
