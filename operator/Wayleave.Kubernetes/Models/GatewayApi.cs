using k8s.Models;

namespace Wayleave.Kubernetes.Models;

/// <summary>A GatewayClass of the Gateway API: which controller serves it.</summary>
[KubernetesEntity(Group = "gateway.networking.k8s.io", ApiVersion = "v1", Kind = "GatewayClass", PluralName = "gatewayclasses")]
[EntityScope(EntityScope.Cluster)]
public sealed class V1GatewayClass : PartialObject<V1GatewayClassSpec>;

public sealed class V1GatewayClassSpec
{
    public string? ControllerName { get; set; }
}

/// <summary>A Gateway: which class it is of.</summary>
[KubernetesEntity(Group = "gateway.networking.k8s.io", ApiVersion = "v1", Kind = "Gateway", PluralName = "gateways")]
public sealed class V1Gateway : PartialObject<V1GatewaySpec>;

public sealed class V1GatewaySpec
{
    public string? GatewayClassName { get; set; }
}

/// <summary>Allows objects of one namespace to refer to Services of another.</summary>
[KubernetesEntity(Group = "gateway.networking.k8s.io", ApiVersion = "v1beta1", Kind = "ReferenceGrant", PluralName = "referencegrants")]
public sealed class V1beta1ReferenceGrant : PartialObject<V1beta1ReferenceGrantSpec>;

public sealed class V1beta1ReferenceGrantSpec
{
    public List<GatewayReference>? From { get; set; }

    public List<GatewayReference>? To { get; set; }
}

/// <summary>A reference from one object of the Gateway API to another object, or to a port of a Service.</summary>
public sealed class GatewayReference
{
    public string? Group { get; set; }

    public string? Kind { get; set; }

    public string? Namespace { get; set; }

    public string? Name { get; set; }

    public int? Port { get; set; }
}

/// <summary>The common part of all route kinds: parent Gateways and backend Services.</summary>
public abstract class GatewayRoute : PartialObject<GatewayRouteSpec>;

public sealed class GatewayRouteSpec
{
    public List<GatewayReference>? ParentRefs { get; set; }

    public List<GatewayRouteRule>? Rules { get; set; }
}

public sealed class GatewayRouteRule
{
    public List<GatewayReference>? BackendRefs { get; set; }

    public List<GatewayRouteFilter>? Filters { get; set; }
}

public sealed class GatewayRouteFilter
{
    public GatewayRequestMirror? RequestMirror { get; set; }
}

public sealed class GatewayRequestMirror
{
    public GatewayReference? BackendRef { get; set; }
}

[KubernetesEntity(Group = "gateway.networking.k8s.io", ApiVersion = "v1", Kind = "HTTPRoute", PluralName = "httproutes")]
public sealed class V1HTTPRoute : GatewayRoute;

[KubernetesEntity(Group = "gateway.networking.k8s.io", ApiVersion = "v1", Kind = "GRPCRoute", PluralName = "grpcroutes")]
public sealed class V1GRPCRoute : GatewayRoute;

[KubernetesEntity(Group = "gateway.networking.k8s.io", ApiVersion = "v1", Kind = "TLSRoute", PluralName = "tlsroutes")]
public sealed class V1TLSRoute : GatewayRoute;

[KubernetesEntity(Group = "gateway.networking.k8s.io", ApiVersion = "v1alpha2", Kind = "TLSRoute", PluralName = "tlsroutes")]
public sealed class V1alpha2TLSRoute : GatewayRoute;

[KubernetesEntity(Group = "gateway.networking.k8s.io", ApiVersion = "v1alpha2", Kind = "TCPRoute", PluralName = "tcproutes")]
public sealed class V1alpha2TCPRoute : GatewayRoute;
