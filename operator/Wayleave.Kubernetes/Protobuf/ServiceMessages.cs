using k8s.Models;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>Services and what is behind them (generated.proto of k8s.io/api/core/v1 and discovery/v1).</summary>
public static class ServiceMessages
{
    public static PartialService Service(ProtobufReader reader) =>
        MetadataMessages.Object<PartialService, PartialServiceSpec>(reader, ServiceSpec);

    public static PartialEndpoints Endpoints(ProtobufReader reader)
    {
        var endpoints = new PartialEndpoints();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                endpoints.Metadata = MetadataMessages.Metadata(reader.GetMessage());
            }
            else if (field == 2)
            {
                (endpoints.Subsets ??= []).Add(Subset(reader.GetMessage()));
            }
        }

        return endpoints;
    }

    public static PartialEndpointSlice EndpointSlice(ProtobufReader reader)
    {
        var slice = new PartialEndpointSlice();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    slice.Metadata = MetadataMessages.Metadata(reader.GetMessage());
                    break;
                case 2:
                    (slice.Endpoints ??= []).Add(Endpoint(reader.GetMessage()));
                    break;
                case 3:
                    (slice.Ports ??= []).Add(SlicePort(reader.GetMessage()));
                    break;
                case 4:
                    slice.AddressType = reader.GetString();
                    break;
                default:
                    break;
            }
        }

        return slice;
    }

    private static PartialServiceSpec ServiceSpec(ProtobufReader reader)
    {
        var spec = new PartialServiceSpec();
        IDictionary<string, string>? selector = null;
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    (spec.Ports ??= []).Add(ServicePort(reader.GetMessage()));
                    break;
                case 2:
                    selector = MetadataMessages.AddEntry(selector, reader.GetMessage());
                    break;
                case 3:
                    spec.ClusterIP = reader.GetString();
                    break;
                case 4:
                    spec.Type = reader.GetString();
                    break;
                case 5:
                    (spec.ExternalIPs ??= []).Add(reader.GetText());
                    break;
                default:
                    break;
            }
        }

        spec.Selector = (Dictionary<string, string>?)selector;
        return spec;
    }

    private static PartialServicePort ServicePort(ProtobufReader reader)
    {
        var port = new PartialServicePort();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    port.Name = reader.GetString();
                    break;
                case 2:
                    port.Protocol = reader.GetString();
                    break;
                case 3:
                    port.Port = reader.GetInt32();
                    break;
                case 4:
                    port.TargetPort = MetadataMessages.Port(reader.GetMessage());
                    break;
                default:
                    break;
            }
        }

        return port;
    }

    private static PartialEndpointSubset Subset(ProtobufReader reader)
    {
        var subset = new PartialEndpointSubset();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                (subset.Addresses ??= []).Add(Address(reader.GetMessage()));
            }
            else if (field == 3)
            {
                (subset.Ports ??= []).Add(SubsetPort(reader.GetMessage()));
            }
        }

        return subset;
    }

    private static PartialEndpointAddress Address(ProtobufReader reader)
    {
        var address = new PartialEndpointAddress();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                address.Ip = reader.GetText();
            }
            else if (field == 2)
            {
                address.TargetRef = Reference(reader.GetMessage());
            }
        }

        return address;
    }

    private static V1ObjectReference Reference(ProtobufReader reader)
    {
        var reference = new V1ObjectReference();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    reference.Kind = reader.GetString();
                    break;
                case 2:
                    reference.NamespaceProperty = reader.GetString();
                    break;
                case 3:
                    reference.Name = reader.GetString();
                    break;
                case 4:
                    reference.Uid = reader.GetString();
                    break;
                case 5:
                    reference.ApiVersion = reader.GetString();
                    break;
                case 6:
                    reference.ResourceVersion = reader.GetString();
                    break;
                case 7:
                    reference.FieldPath = reader.GetString();
                    break;
                default:
                    break;
            }
        }

        return reference;
    }

    private static PartialEndpointSubsetPort SubsetPort(ProtobufReader reader)
    {
        var port = new PartialEndpointSubsetPort();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    port.Name = reader.GetString();
                    break;
                case 2:
                    port.Port = reader.GetInt32();
                    break;
                case 3:
                    port.Protocol = reader.GetString();
                    break;
                default:
                    break;
            }
        }

        return port;
    }

    private static PartialEndpointSliceEndpoint Endpoint(ProtobufReader reader)
    {
        var endpoint = new PartialEndpointSliceEndpoint();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                (endpoint.Addresses ??= []).Add(reader.GetText());
            }
        }

        return endpoint;
    }

    // Here, an empty name is not an absent one.
    private static PartialEndpointSlicePort SlicePort(ProtobufReader reader)
    {
        var port = new PartialEndpointSlicePort();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    port.Name = reader.GetText();
                    break;
                case 2:
                    port.Protocol = reader.GetText();
                    break;
                case 3:
                    port.Port = reader.GetInt32();
                    break;
                default:
                    break;
            }
        }

        return port;
    }
}
