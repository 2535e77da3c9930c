using k8s.Models;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>NetworkPolicies and Ingresses (generated.proto of k8s.io/api/networking/v1).</summary>
public static class NetworkingMessages
{
    public static V1NetworkPolicy NetworkPolicy(ProtobufReader reader) =>
        MetadataMessages.Object<V1NetworkPolicy, V1NetworkPolicySpec>(reader, PolicySpec);

    public static V1Ingress Ingress(ProtobufReader reader) => MetadataMessages.Object<V1Ingress, V1IngressSpec>(reader, IngressSpec);

    public static V1IngressClass IngressClass(ProtobufReader reader) =>
        MetadataMessages.Object<V1IngressClass, V1IngressClassSpec>(reader, ClassSpec);

    public static V1ServiceCIDR ServiceCidr(ProtobufReader reader) =>
        MetadataMessages.Object<V1ServiceCIDR, V1ServiceCIDRSpec>(reader, CidrSpec);

    private static V1NetworkPolicySpec PolicySpec(ProtobufReader reader)
    {
        var spec = new V1NetworkPolicySpec();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    spec.PodSelector = MetadataMessages.Selector(reader.GetMessage());
                    break;
                case 2:
                    var (from, ingressPorts) = Rule(reader.GetMessage());
                    (spec.Ingress ??= []).Add(new V1NetworkPolicyIngressRule { FromProperty = from, Ports = ingressPorts });
                    break;
                case 3:
                    var (to, egressPorts) = Rule(reader.GetMessage());
                    (spec.Egress ??= []).Add(new V1NetworkPolicyEgressRule { To = to, Ports = egressPorts });
                    break;
                case 4:
                    (spec.PolicyTypes ??= []).Add(reader.GetText());
                    break;
                default:
                    break;
            }
        }

        return spec;
    }

    // Both directions have the same fields under the same numbers.
    private static (List<V1NetworkPolicyPeer>? Peers, List<V1NetworkPolicyPort>? Ports) Rule(ProtobufReader reader)
    {
        List<V1NetworkPolicyPeer>? peers = null;
        List<V1NetworkPolicyPort>? ports = null;
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                (ports ??= []).Add(Port(reader.GetMessage()));
            }
            else if (field == 2)
            {
                (peers ??= []).Add(Peer(reader.GetMessage()));
            }
        }

        return (peers, ports);
    }

    private static V1NetworkPolicyPort Port(ProtobufReader reader)
    {
        var port = new V1NetworkPolicyPort();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    port.Protocol = reader.GetText();
                    break;
                case 2:
                    port.Port = MetadataMessages.Port(reader.GetMessage());
                    break;
                case 3:
                    port.EndPort = reader.GetInt32();
                    break;
                default:
                    break;
            }
        }

        return port;
    }

    private static V1NetworkPolicyPeer Peer(ProtobufReader reader)
    {
        var peer = new V1NetworkPolicyPeer();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    peer.PodSelector = MetadataMessages.Selector(reader.GetMessage());
                    break;
                case 2:
                    peer.NamespaceSelector = MetadataMessages.Selector(reader.GetMessage());
                    break;
                case 3:
                    peer.IpBlock = IpBlock(reader.GetMessage());
                    break;
                default:
                    break;
            }
        }

        return peer;
    }

    private static V1IPBlock IpBlock(ProtobufReader reader)
    {
        var block = new V1IPBlock();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                block.Cidr = reader.GetText();
            }
            else if (field == 2)
            {
                (block.Except ??= []).Add(reader.GetText());
            }
        }

        return block;
    }

    private static V1IngressSpec IngressSpec(ProtobufReader reader)
    {
        var spec = new V1IngressSpec();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    spec.DefaultBackend = Backend(reader.GetMessage());
                    break;
                case 3:
                    (spec.Rules ??= []).Add(IngressRule(reader.GetMessage()));
                    break;
                case 4:
                    spec.IngressClassName = reader.GetText();
                    break;
                default:
                    break;
            }
        }

        return spec;
    }

    // The rule's host and the paths themselves are not used.
    private static V1IngressRule IngressRule(ProtobufReader reader)
    {
        var rule = new V1IngressRule();
        while (reader.Read(out var field))
        {
            if (field != 2)
            {
                continue;
            }

            var value = reader.GetMessage();
            while (value.Read(out var kind))
            {
                if (kind == 1)
                {
                    rule.Http = Http(value.GetMessage());
                }
            }
        }

        return rule;
    }

    private static V1HTTPIngressRuleValue Http(ProtobufReader reader)
    {
        var http = new V1HTTPIngressRuleValue();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                (http.Paths ??= []).Add(Path(reader.GetMessage()));
            }
        }

        return http;
    }

    private static V1HTTPIngressPath Path(ProtobufReader reader)
    {
        var path = new V1HTTPIngressPath();
        while (reader.Read(out var field))
        {
            if (field == 2)
            {
                path.Backend = Backend(reader.GetMessage());
            }
        }

        return path;
    }

    private static V1IngressBackend Backend(ProtobufReader reader)
    {
        var backend = new V1IngressBackend();
        while (reader.Read(out var field))
        {
            if (field == 4)
            {
                backend.Service = ServiceBackend(reader.GetMessage());
            }
        }

        return backend;
    }

    private static V1IngressServiceBackend ServiceBackend(ProtobufReader reader)
    {
        var service = new V1IngressServiceBackend();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                service.Name = reader.GetText();
            }
            else if (field == 2)
            {
                service.Port = ServicePort(reader.GetMessage());
            }
        }

        return service;
    }

    private static V1ServiceBackendPort ServicePort(ProtobufReader reader)
    {
        var port = new V1ServiceBackendPort();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                port.Name = reader.GetString();
            }
            else if (field == 2)
            {
                port.Number = reader.GetInt32() is var number and not 0 ? number : null;
            }
        }

        return port;
    }

    private static V1IngressClassSpec ClassSpec(ProtobufReader reader)
    {
        var spec = new V1IngressClassSpec();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                spec.Controller = reader.GetString();
            }
        }

        return spec;
    }

    private static V1ServiceCIDRSpec CidrSpec(ProtobufReader reader)
    {
        var spec = new V1ServiceCIDRSpec();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                (spec.Cidrs ??= []).Add(reader.GetText());
            }
        }

        return spec;
    }
}
