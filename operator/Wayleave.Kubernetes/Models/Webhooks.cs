namespace Wayleave.Kubernetes.Models;

/// <summary>A Service that the API server calls.</summary>
public sealed class ApiServerServiceReference
{
    public string? Namespace { get; set; }

    public string? Name { get; set; }

    /// <summary>443 when absent.</summary>
    public int? Port { get; set; }
}

public sealed class V1WebhookClientConfig
{
    public ApiServerServiceReference? Service { get; set; }
}

public sealed class V1AdmissionWebhook
{
    public V1WebhookClientConfig? ClientConfig { get; set; }
}

/// <summary>Admission webhooks of either kind, as far as they say which Services are called.</summary>
public abstract class AdmissionWebhookConfiguration : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public List<V1AdmissionWebhook>? Webhooks { get; set; }
}

[KubernetesEntity(
    Group = "admissionregistration.k8s.io", ApiVersion = "v1", Kind = "ValidatingWebhookConfiguration", PluralName = "validatingwebhookconfigurations",
    Scope = EntityScope.Cluster)]
public sealed class V1ValidatingWebhookConfiguration : AdmissionWebhookConfiguration;

[KubernetesEntity(
    Group = "admissionregistration.k8s.io", ApiVersion = "v1", Kind = "MutatingWebhookConfiguration", PluralName = "mutatingwebhookconfigurations",
    Scope = EntityScope.Cluster)]
public sealed class V1MutatingWebhookConfiguration : AdmissionWebhookConfiguration;

/// <summary>A CustomResourceDefinition, as far as it says what it serves and which conversion webhook is called.</summary>
[KubernetesEntity(
    Group = "apiextensions.k8s.io", ApiVersion = "v1", Kind = "CustomResourceDefinition", PluralName = "customresourcedefinitions", Scope = EntityScope.Cluster)]
public sealed class V1CustomResourceDefinition : IKubernetesObject<V1ObjectMeta>, ISpec<V1CustomResourceDefinitionSpec?>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1CustomResourceDefinitionSpec? Spec { get; set; }
}

public sealed class V1CustomResourceDefinitionSpec
{
    public List<V1CustomResourceDefinitionVersion>? Versions { get; set; }

    public V1CustomResourceConversion? Conversion { get; set; }
}

public sealed class V1CustomResourceDefinitionVersion
{
    public string? Name { get; set; }

    public bool? Served { get; set; }
}

public sealed class V1CustomResourceConversion
{
    public V1WebhookConversion? Webhook { get; set; }
}

public sealed class V1WebhookConversion
{
    public V1WebhookClientConfig? ClientConfig { get; set; }
}

/// <summary>An aggregated API: the Service that the API server forwards requests to; null for its own groups.</summary>
[KubernetesEntity(Group = "apiregistration.k8s.io", ApiVersion = "v1", Kind = "APIService", PluralName = "apiservices", Scope = EntityScope.Cluster)]
public sealed class V1APIService : IKubernetesObject<V1ObjectMeta>, ISpec<V1APIServiceSpec?>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1APIServiceSpec? Spec { get; set; }
}

public sealed class V1APIServiceSpec
{
    public ApiServerServiceReference? Service { get; set; }
}
