namespace Wayleave.Kubernetes.Models;

public sealed class V1EndpointAddress
{
    public string? Ip { get; set; }

    /// <summary>The pod that has the address; absent for what was put there by hand.</summary>
    public V1ObjectReference? TargetRef { get; set; }
}
