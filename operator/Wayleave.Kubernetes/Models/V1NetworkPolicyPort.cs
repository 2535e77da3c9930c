namespace Wayleave.Kubernetes.Models;

public sealed class V1NetworkPolicyPort
{
    public string? Protocol { get; set; }

    public IntOrString? Port { get; set; }

    public int? EndPort { get; set; }
}
