using k8s.Models;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>Services and what is behind them (generated.proto of k8s.io/api/core/v1 and discovery/v1).</summary>
public static class ServiceMessages
{
    private static readonly MessageParser<PartialServicePort> _servicePort = new(static () => new())
    {
        [1] = static (port, in field) => port.Name = field.GetString(),
        [2] = static (port, in field) => port.Protocol = field.GetString(),
        [3] = static (port, in field) => port.Port = field.GetInt32(),
        [4] = static (port, in field) => port.TargetPort = MetadataMessages.ReadPort(field.GetMessage()),
    };

    private static readonly MessageParser<PartialServiceSpec> _serviceSpec = new(static () => new())
    {
        [1] = static (spec, in field) => (spec.Ports ??= []).Add(field.GetMessage(_servicePort)),
        [2] = static (spec, in field) =>
            spec.Selector = (Dictionary<string, string>)MetadataMessages.AddEntry(spec.Selector, field.GetMessage()),
        [3] = static (spec, in field) => spec.ClusterIP = field.GetString(),
        [4] = static (spec, in field) => spec.Type = field.GetString(),
        [5] = static (spec, in field) => (spec.ExternalIPs ??= []).Add(field.GetText()),
    };

    private static readonly MessageParser<V1ObjectReference> _reference = new(static () => new())
    {
        [1] = static (reference, in field) => reference.Kind = field.GetString(),
        [2] = static (reference, in field) => reference.NamespaceProperty = field.GetString(),
        [3] = static (reference, in field) => reference.Name = field.GetString(),
        [4] = static (reference, in field) => reference.Uid = field.GetString(),
        [5] = static (reference, in field) => reference.ApiVersion = field.GetString(),
        [6] = static (reference, in field) => reference.ResourceVersion = field.GetString(),
        [7] = static (reference, in field) => reference.FieldPath = field.GetString(),
    };

    private static readonly MessageParser<PartialEndpointAddress> _address = new(static () => new())
    {
        [1] = static (address, in field) => address.Ip = field.GetText(),
        [2] = static (address, in field) => address.TargetRef = field.GetMessage(_reference),
    };

    private static readonly MessageParser<PartialEndpointSubsetPort> _subsetPort = new(static () => new())
    {
        [1] = static (port, in field) => port.Name = field.GetString(),
        [2] = static (port, in field) => port.Port = field.GetInt32(),
        [3] = static (port, in field) => port.Protocol = field.GetString(),
    };

    private static readonly MessageParser<PartialEndpointSubset> _subset = new(static () => new())
    {
        [1] = static (subset, in field) => (subset.Addresses ??= []).Add(field.GetMessage(_address)),
        [3] = static (subset, in field) => (subset.Ports ??= []).Add(field.GetMessage(_subsetPort)),
    };

    private static readonly MessageParser<PartialEndpointSliceEndpoint> _sliceEndpoint = new(static () => new())
    {
        [1] = static (endpoint, in field) => (endpoint.Addresses ??= []).Add(field.GetText()),
    };

    // Here, an empty name is not an absent one.
    private static readonly MessageParser<PartialEndpointSlicePort> _slicePort = new(static () => new())
    {
        [1] = static (port, in field) => port.Name = field.GetText(),
        [2] = static (port, in field) => port.Protocol = field.GetText(),
        [3] = static (port, in field) => port.Port = field.GetInt32(),
    };

    public static MessageParser<PartialService> Service { get; } =
        MetadataMessages.ForObject<PartialService, PartialServiceSpec>(_serviceSpec);

    public static MessageParser<PartialEndpoints> Endpoints { get; } = new(static () => new())
    {
        [1] = static (entity, in field) => entity.Metadata = field.GetMessage(MetadataMessages.Metadata),
        [2] = static (endpoints, in field) => (endpoints.Subsets ??= []).Add(field.GetMessage(_subset)),
    };

    public static MessageParser<PartialEndpointSlice> EndpointSlice { get; } = new(static () => new())
    {
        [1] = static (entity, in field) => entity.Metadata = field.GetMessage(MetadataMessages.Metadata),
        [2] = static (slice, in field) => (slice.Endpoints ??= []).Add(field.GetMessage(_sliceEndpoint)),
        [3] = static (slice, in field) => (slice.Ports ??= []).Add(field.GetMessage(_slicePort)),
        [4] = static (slice, in field) => slice.AddressType = field.GetString(),
    };
}
