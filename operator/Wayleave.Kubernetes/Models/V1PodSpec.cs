namespace Wayleave.Kubernetes.Models;

/// <summary>What network policy needs to know of a Pod: its network and its ports.</summary>
public sealed class V1PodSpec
{
    public bool? HostNetwork { get; set; }

    public List<V1Container>? Containers { get; set; }

    /// <summary>Those that run beside the containers (sidecars) declare ports too.</summary>
    public List<V1Container>? InitContainers { get; set; }
}
