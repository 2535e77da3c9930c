namespace Wayleave.Kubernetes.Models;

public sealed class V1Preconditions
{
    public string? Uid { get; set; }

    public string? ResourceVersion { get; set; }
}
