namespace Wayleave.Kubernetes.Models;

[KubernetesEntity(Group = "discovery.k8s.io", ApiVersion = "v1", Kind = "EndpointSlice", PluralName = "endpointslices")]
public sealed class V1EndpointSlice : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary><c>IPv4</c>, <c>IPv6</c> or <c>FQDN</c>.</summary>
    public string? AddressType { get; set; }

    public List<V1Endpoint>? Endpoints { get; set; }

    /// <summary>Absent: every port.</summary>
    public List<Discoveryv1EndpointPort>? Ports { get; set; }
}
