using k8s.Models;

namespace Wayleave.Kubernetes.Models;

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Service", PluralName = "services")]
public sealed class PartialService : PartialObject<PartialServiceSpec>;

public sealed class PartialServiceSpec
{
    public string? Type { get; set; }

    public string? ClusterIP { get; set; }

    /// <summary>Addresses outside the cluster whose traffic nodes accept for the Service.</summary>
    public List<string>? ExternalIPs { get; set; }

    public Dictionary<string, string>? Selector { get; set; }

    public List<PartialServicePort>? Ports { get; set; }
}

public class PartialServicePort
{
    public string? Name { get; set; }

    public int Port { get; set; }

    /// <summary>The Pods' port, by number or by name; absent: the same number as <see cref="Port"/>.</summary>
    public PortNumberOrName? TargetPort { get; set; }

    public string? Protocol { get; set; }
}

[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Endpoints", PluralName = "endpoints")]
public sealed class PartialEndpoints : PartialObject
{
    public List<PartialEndpointSubset>? Subsets { get; set; }
}

/// <summary>Every address is reached at every port.</summary>
public sealed class PartialEndpointSubset
{
    public List<PartialEndpointAddress>? Addresses { get; set; }

    public List<PartialEndpointSubsetPort>? Ports { get; set; }
}

public sealed class PartialEndpointAddress
{
    public string? Ip { get; set; }

    /// <summary>The Pod that has the address; absent for an address that was added by hand.</summary>
    public V1ObjectReference? TargetRef { get; set; }
}

public sealed class PartialEndpointSubsetPort
{
    public string? Name { get; set; }

    public int Port { get; set; }

    public string? Protocol { get; set; }
}

[KubernetesEntity(Group = "discovery.k8s.io", ApiVersion = "v1", Kind = "EndpointSlice", PluralName = "endpointslices")]
public sealed class PartialEndpointSlice : PartialObject
{
    /// <summary><c>IPv4</c>, <c>IPv6</c> or <c>FQDN</c>.</summary>
    public string? AddressType { get; set; }

    public List<PartialEndpointSliceEndpoint>? Endpoints { get; set; }

    /// <summary>Absent: every port.</summary>
    public List<PartialEndpointSlicePort>? Ports { get; set; }
}

public sealed class PartialEndpointSliceEndpoint
{
    public List<string>? Addresses { get; set; }
}

public sealed class PartialEndpointSlicePort
{
    public string? Name { get; set; }

    /// <summary>Absent: every port.</summary>
    public int? Port { get; set; }

    public string? Protocol { get; set; }
}
