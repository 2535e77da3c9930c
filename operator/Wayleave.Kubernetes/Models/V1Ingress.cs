namespace Wayleave.Kubernetes.Models;

/// <summary>An Ingress, as far as it says which Services it exposes.</summary>
[KubernetesEntity(Group = "networking.k8s.io", ApiVersion = "v1", Kind = "Ingress", PluralName = "ingresses")]
public sealed class V1Ingress : IKubernetesObject<V1ObjectMeta>, ISpec<V1IngressSpec?>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1IngressSpec? Spec { get; set; }
}

public sealed class V1IngressSpec
{
    public string? IngressClassName { get; set; }

    public V1IngressBackend? DefaultBackend { get; set; }

    public List<V1IngressRule>? Rules { get; set; }
}

public sealed class V1IngressRule
{
    public V1HTTPIngressRuleValue? Http { get; set; }
}

public sealed class V1HTTPIngressRuleValue
{
    public List<V1HTTPIngressPath>? Paths { get; set; }
}

public sealed class V1HTTPIngressPath
{
    public V1IngressBackend? Backend { get; set; }
}

public sealed class V1IngressBackend
{
    public V1IngressServiceBackend? Service { get; set; }
}

public sealed class V1IngressServiceBackend
{
    public string? Name { get; set; }

    public V1ServiceBackendPort? Port { get; set; }
}

public sealed class V1ServiceBackendPort
{
    public string? Name { get; set; }

    public int? Number { get; set; }
}

/// <summary>An IngressClass: which controller serves it.</summary>
[KubernetesEntity(Group = "networking.k8s.io", ApiVersion = "v1", Kind = "IngressClass", PluralName = "ingressclasses", Scope = EntityScope.Cluster)]
public sealed class V1IngressClass : IKubernetesObject<V1ObjectMeta>, ISpec<V1IngressClassSpec?>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1IngressClassSpec? Spec { get; set; }
}

public sealed class V1IngressClassSpec
{
    public string? Controller { get; set; }
}

/// <summary>A range that Services get their addresses from; served since Kubernetes 1.33.</summary>
[KubernetesEntity(Group = "networking.k8s.io", ApiVersion = "v1", Kind = "ServiceCIDR", PluralName = "servicecidrs", Scope = EntityScope.Cluster)]
public sealed class V1ServiceCIDR : IKubernetesObject<V1ObjectMeta>, ISpec<V1ServiceCIDRSpec?>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1ServiceCIDRSpec? Spec { get; set; }
}

public sealed class V1ServiceCIDRSpec
{
    public List<string>? Cidrs { get; set; }
}
