using k8s.Models;

namespace Wayleave.Kubernetes.Models;

/// <summary>A Pod as the network mapper reads it: its identity and its addresses.</summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Pod", PluralName = "pods")]
public sealed class AddressedPod : PartialObject<AddressedPodSpec>
{
    public AddressedPodStatus? Status { get; set; }
}

public sealed class AddressedPodSpec
{
    /// <summary>Absent until the Pod is scheduled.</summary>
    public string? NodeName { get; set; }

    public bool? HostNetwork { get; set; }
}

public sealed class AddressedPodStatus
{
    /// <summary><c>Succeeded</c> and <c>Failed</c> are final.</summary>
    public string? Phase { get; set; }

    public List<AddressedIP>? PodIPs { get; set; }

    public List<AddressedContainerStatus>? InitContainerStatuses { get; set; }

    public List<AddressedContainerStatus>? ContainerStatuses { get; set; }
}

public sealed class AddressedIP
{
    public string? Ip { get; set; }
}

public sealed class AddressedContainerStatus
{
    public AddressedContainerState? State { get; set; }
}

public sealed class AddressedContainerState
{
    public AddressedContainerTimes? Running { get; set; }

    public AddressedContainerTimes? Terminated { get; set; }
}

public sealed class AddressedContainerTimes
{
    public DateTime? StartedAt { get; set; }
}

/// <summary>A Service as the network mapper reads it: with all its addresses.</summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Service", PluralName = "services")]
public sealed class AddressedService : PartialObject<AddressedServiceSpec>
{
    public AddressedServiceStatus? Status { get; set; }
}

public sealed class AddressedServiceSpec
{
    /// <summary><c>None</c> for a headless Service.</summary>
    public string? ClusterIP { get; set; }

    /// <summary>The first is <see cref="ClusterIP"/>. Absent before Kubernetes 1.20.</summary>
    public List<string>? ClusterIPs { get; set; }

    public List<string>? ExternalIPs { get; set; }

    public List<AddressedServicePort>? Ports { get; set; }
}

public sealed class AddressedServicePort : PartialServicePort
{
    public int? NodePort { get; set; }
}

public sealed class AddressedServiceStatus
{
    public AddressedLoadBalancer? LoadBalancer { get; set; }
}

public sealed class AddressedLoadBalancer
{
    public List<AddressedIP>? Ingress { get; set; }
}

/// <summary>A node as the network mapper reads it: its addresses and the ranges of its Pods.</summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Node", PluralName = "nodes")]
[EntityScope(EntityScope.Cluster)]
public sealed class AddressedNode : PartialObject<AddressedNodeSpec>
{
    public AddressedNodeStatus? Status { get; set; }
}

public sealed class AddressedNodeSpec
{
    public List<string>? PodCIDRs { get; set; }
}

public sealed class AddressedNodeStatus
{
    public List<AddressedNodeAddress>? Addresses { get; set; }
}

public sealed class AddressedNodeAddress
{
    /// <summary>An IP address, or a host name.</summary>
    public string? Address { get; set; }
}
