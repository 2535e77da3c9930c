using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>Pods, Services and nodes with their addresses (generated.proto of k8s.io/api/core/v1).</summary>
public static class AddressedMessages
{
    private static readonly MessageParser<AddressedContainerTimes> _running = new(static () => new())
    {
        [1] = static (times, in field) => times.StartedAt = MetadataMessages.ReadTime(field.GetMessage()),
    };

    private static readonly MessageParser<AddressedContainerTimes> _terminated = new(static () => new())
    {
        [5] = static (times, in field) => times.StartedAt = MetadataMessages.ReadTime(field.GetMessage()),
    };

    private static readonly MessageParser<AddressedContainerState> _containerState = new(static () => new())
    {
        [2] = static (state, in field) => state.Running = field.GetMessage(_running),
        [3] = static (state, in field) => state.Terminated = field.GetMessage(_terminated),
    };

    private static readonly MessageParser<AddressedContainerStatus> _containerStatus = new(static () => new())
    {
        [2] = static (status, in field) => status.State = field.GetMessage(_containerState),
    };

    private static readonly MessageParser<AddressedIP> _ip = new(static () => new())
    {
        [1] = static (ip, in field) => ip.Ip = field.GetString(),
    };

    private static readonly MessageParser<AddressedPodSpec> _podSpec = new(static () => new())
    {
        [10] = static (spec, in field) => spec.NodeName = field.GetString(),
        [11] = static (spec, in field) => spec.HostNetwork = field.GetBoolean() ? true : null,
    };

    private static readonly MessageParser<AddressedPodStatus> _podStatus = new(static () => new())
    {
        [1] = static (status, in field) => status.Phase = field.GetString(),
        [8] = static (status, in field) => (status.ContainerStatuses ??= []).Add(field.GetMessage(_containerStatus)),
        [10] = static (status, in field) => (status.InitContainerStatuses ??= []).Add(field.GetMessage(_containerStatus)),
        [12] = static (status, in field) => (status.PodIPs ??= []).Add(field.GetMessage(_ip)),
    };

    private static readonly MessageParser<AddressedServicePort> _servicePort = new(static () => new())
    {
        [1] = static (port, in field) => port.Name = field.GetString(),
        [2] = static (port, in field) => port.Protocol = field.GetString(),
        [3] = static (port, in field) => port.Port = field.GetInt32(),
        [4] = static (port, in field) => port.TargetPort = MetadataMessages.ReadPort(field.GetMessage()),
        [5] = static (port, in field) => port.NodePort = field.GetInt32() is var number and not 0 ? number : null,
    };

    private static readonly MessageParser<AddressedServiceSpec> _serviceSpec = new(static () => new())
    {
        [1] = static (spec, in field) => (spec.Ports ??= []).Add(field.GetMessage(_servicePort)),
        [3] = static (spec, in field) => spec.ClusterIP = field.GetString(),
        [5] = static (spec, in field) => (spec.ExternalIPs ??= []).Add(field.GetText()),
        [18] = static (spec, in field) => (spec.ClusterIPs ??= []).Add(field.GetText()),
    };

    private static readonly MessageParser<AddressedLoadBalancer> _loadBalancer = new(static () => new())
    {
        [1] = static (balancer, in field) => (balancer.Ingress ??= []).Add(field.GetMessage(_ip)),
    };

    private static readonly MessageParser<AddressedServiceStatus> _serviceStatus = new(static () => new())
    {
        [1] = static (status, in field) => status.LoadBalancer = field.GetMessage(_loadBalancer),
    };

    private static readonly MessageParser<AddressedNodeSpec> _nodeSpec = new(static () => new())
    {
        [7] = static (spec, in field) => (spec.PodCIDRs ??= []).Add(field.GetText()),
    };

    private static readonly MessageParser<AddressedNodeAddress> _nodeAddress = new(static () => new())
    {
        [2] = static (address, in field) => address.Address = field.GetString(),
    };

    private static readonly MessageParser<AddressedNodeStatus> _nodeStatus = new(static () => new())
    {
        [5] = static (status, in field) => (status.Addresses ??= []).Add(field.GetMessage(_nodeAddress)),
    };

    public static MessageParser<AddressedPod> Pod { get; } = new(static () => new() { Metadata = new() })
    {
        [1] = static (pod, in field) => pod.Metadata = field.GetMessage(MetadataMessages.Metadata),
        [2] = static (pod, in field) => pod.Spec = field.GetMessage(_podSpec),
        [3] = static (pod, in field) => pod.Status = field.GetMessage(_podStatus),
    };

    public static MessageParser<AddressedService> Service { get; } = new(static () => new() { Metadata = new() })
    {
        [1] = static (service, in field) => service.Metadata = field.GetMessage(MetadataMessages.Metadata),
        [2] = static (service, in field) => service.Spec = field.GetMessage(_serviceSpec),
        [3] = static (service, in field) => service.Status = field.GetMessage(_serviceStatus),
    };

    public static MessageParser<AddressedNode> Node { get; } = new(static () => new() { Metadata = new() })
    {
        [1] = static (node, in field) => node.Metadata = field.GetMessage(MetadataMessages.Metadata),
        [2] = static (node, in field) => node.Spec = field.GetMessage(_nodeSpec),
        [3] = static (node, in field) => node.Status = field.GetMessage(_nodeStatus),
    };
}
