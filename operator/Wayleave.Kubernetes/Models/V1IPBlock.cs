namespace Wayleave.Kubernetes.Models;

public sealed class V1IPBlock
{
    public string? Cidr { get; set; }

    public List<string>? Except { get; set; }
}
