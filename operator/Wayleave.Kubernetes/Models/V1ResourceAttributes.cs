namespace Wayleave.Kubernetes.Models;

public sealed class V1ResourceAttributes
{
    public string? Group { get; set; }

    public string? Resource { get; set; }

    public string? Verb { get; set; }
}
