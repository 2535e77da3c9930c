namespace Wayleave.Kubernetes.Models;

public sealed class V1ServicePort
{
    public string? Name { get; set; }

    public int Port { get; set; }

    /// <summary>The pods' port, by number or by name; absent: the same number as <see cref="Port"/>.</summary>
    public IntOrString? TargetPort { get; set; }

    public string? Protocol { get; set; }
}
