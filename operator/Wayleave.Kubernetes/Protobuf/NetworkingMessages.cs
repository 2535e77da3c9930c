using k8s.Models;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>NetworkPolicies and Ingresses (generated.proto of k8s.io/api/networking/v1).</summary>
public static class NetworkingMessages
{
    private static readonly MessageParser<V1NetworkPolicyPort> _policyPort = new(static () => new())
    {
        [1] = static (port, in field) => port.Protocol = field.GetText(),
        [2] = static (port, in field) => port.Port = MetadataMessages.ReadPort(field.GetMessage()),
        [3] = static (port, in field) => port.EndPort = field.GetInt32(),
    };

    private static readonly MessageParser<V1IPBlock> _ipBlock = new(static () => new())
    {
        [1] = static (block, in field) => block.Cidr = field.GetText(),
        [2] = static (block, in field) => (block.Except ??= []).Add(field.GetText()),
    };

    private static readonly MessageParser<V1NetworkPolicyPeer> _policyPeer = new(static () => new())
    {
        [1] = static (peer, in field) => peer.PodSelector = field.GetMessage(MetadataMessages.Selector),
        [2] = static (peer, in field) => peer.NamespaceSelector = field.GetMessage(MetadataMessages.Selector),
        [3] = static (peer, in field) => peer.IpBlock = field.GetMessage(_ipBlock),
    };

    private static readonly MessageParser<V1NetworkPolicyIngressRule> _policyIngressRule = new(static () => new())
    {
        [1] = static (rule, in field) => (rule.Ports ??= []).Add(field.GetMessage(_policyPort)),
        [2] = static (rule, in field) => (rule.FromProperty ??= []).Add(field.GetMessage(_policyPeer)),
    };

    private static readonly MessageParser<V1NetworkPolicyEgressRule> _policyEgressRule = new(static () => new())
    {
        [1] = static (rule, in field) => (rule.Ports ??= []).Add(field.GetMessage(_policyPort)),
        [2] = static (rule, in field) => (rule.To ??= []).Add(field.GetMessage(_policyPeer)),
    };

    private static readonly MessageParser<V1NetworkPolicySpec> _policySpec = new(static () => new())
    {
        [1] = static (spec, in field) => spec.PodSelector = field.GetMessage(MetadataMessages.Selector),
        [2] = static (spec, in field) => (spec.Ingress ??= []).Add(field.GetMessage(_policyIngressRule)),
        [3] = static (spec, in field) => (spec.Egress ??= []).Add(field.GetMessage(_policyEgressRule)),
        [4] = static (spec, in field) => (spec.PolicyTypes ??= []).Add(field.GetText()),
    };

    private static readonly MessageParser<V1ServiceBackendPort> _servicePort = new(static () => new())
    {
        [1] = static (port, in field) => port.Name = field.GetString(),
        [2] = static (port, in field) => port.Number = field.GetInt32() is var number and not 0 ? number : null,
    };

    private static readonly MessageParser<V1IngressServiceBackend> _serviceBackend = new(static () => new())
    {
        [1] = static (service, in field) => service.Name = field.GetText(),
        [2] = static (service, in field) => service.Port = field.GetMessage(_servicePort),
    };

    private static readonly MessageParser<V1IngressBackend> _backend = new(static () => new())
    {
        [4] = static (backend, in field) => backend.Service = field.GetMessage(_serviceBackend),
    };

    // The rule's host and the paths themselves are not used.
    private static readonly MessageParser<V1HTTPIngressPath> _path = new(static () => new())
    {
        [2] = static (path, in field) => path.Backend = field.GetMessage(_backend),
    };

    private static readonly MessageParser<V1HTTPIngressRuleValue> _http = new(static () => new())
    {
        [1] = static (http, in field) => (http.Paths ??= []).Add(field.GetMessage(_path)),
    };

    // Field 2 is a message whose field 1 has the paths.
    private static readonly MessageParser<V1IngressRule> _ingressRule = new(static () => new())
    {
        [2] = static (rule, in field) =>
        {
            var value = field.GetMessage();
            while (value.Read(out var number))
            {
                rule.Http = number == 1 ? value.GetMessage(_http) : rule.Http;
            }
        },
    };

    private static readonly MessageParser<V1IngressSpec> _ingressSpec = new(static () => new())
    {
        [1] = static (spec, in field) => spec.DefaultBackend = field.GetMessage(_backend),
        [3] = static (spec, in field) => (spec.Rules ??= []).Add(field.GetMessage(_ingressRule)),
        [4] = static (spec, in field) => spec.IngressClassName = field.GetText(),
    };

    private static readonly MessageParser<V1IngressClassSpec> _ingressClassSpec = new(static () => new())
    {
        [1] = static (spec, in field) => spec.Controller = field.GetString(),
    };

    private static readonly MessageParser<V1ServiceCIDRSpec> _serviceCidrSpec = new(static () => new())
    {
        [1] = static (spec, in field) => (spec.Cidrs ??= []).Add(field.GetText()),
    };

    public static MessageParser<V1NetworkPolicy> NetworkPolicy { get; } =
        MetadataMessages.ForObject<V1NetworkPolicy, V1NetworkPolicySpec>(_policySpec);

    public static MessageParser<V1Ingress> Ingress { get; } = MetadataMessages.ForObject<V1Ingress, V1IngressSpec>(_ingressSpec);

    public static MessageParser<V1IngressClass> IngressClass { get; } =
        MetadataMessages.ForObject<V1IngressClass, V1IngressClassSpec>(_ingressClassSpec);

    public static MessageParser<V1ServiceCIDR> ServiceCidr { get; } =
        MetadataMessages.ForObject<V1ServiceCIDR, V1ServiceCIDRSpec>(_serviceCidrSpec);
}
