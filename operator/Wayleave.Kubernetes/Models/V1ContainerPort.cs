namespace Wayleave.Kubernetes.Models;

public sealed class V1ContainerPort
{
    public string? Name { get; set; }

    public int ContainerPort { get; set; }

    /// <summary><c>TCP</c> (also when absent), <c>UDP</c> or <c>SCTP</c>.</summary>
    public string? Protocol { get; set; }
}
