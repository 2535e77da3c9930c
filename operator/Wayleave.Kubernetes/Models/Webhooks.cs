using k8s.Models;

namespace Wayleave.Kubernetes.Models;

/// <summary>A Service that the API server calls.</summary>
public sealed class ApiServerServiceReference
{
    public string? Namespace { get; set; }

    public string? Name { get; set; }

    /// <summary>443 when absent.</summary>
    public int? Port { get; set; }
}

public sealed class PartialWebhookClientConfig
{
    public ApiServerServiceReference? Service { get; set; }
}

/// <summary>An admission webhook, or the conversion webhook of a CustomResourceDefinition.</summary>
public sealed class PartialWebhook
{
    public PartialWebhookClientConfig? ClientConfig { get; set; }
}

/// <summary>A validating or mutating webhook configuration, reduced to the Services that it calls.</summary>
public abstract class PartialAdmissionWebhookConfiguration : PartialObject
{
    public List<PartialWebhook>? Webhooks { get; set; }
}

[KubernetesEntity(
    Group = "admissionregistration.k8s.io", ApiVersion = "v1", Kind = "ValidatingWebhookConfiguration",
    PluralName = "validatingwebhookconfigurations")]
[EntityScope(EntityScope.Cluster)]
public sealed class PartialValidatingWebhookConfiguration : PartialAdmissionWebhookConfiguration;

[KubernetesEntity(
    Group = "admissionregistration.k8s.io", ApiVersion = "v1", Kind = "MutatingWebhookConfiguration",
    PluralName = "mutatingwebhookconfigurations")]
[EntityScope(EntityScope.Cluster)]
public sealed class PartialMutatingWebhookConfiguration : PartialAdmissionWebhookConfiguration;

/// <summary>A CustomResourceDefinition, reduced to its versions and its conversion webhook.</summary>
[KubernetesEntity(
    Group = "apiextensions.k8s.io", ApiVersion = "v1", Kind = "CustomResourceDefinition", PluralName = "customresourcedefinitions")]
[EntityScope(EntityScope.Cluster)]
public sealed class PartialCustomResourceDefinition : PartialObject<PartialCustomResourceDefinitionSpec>;

public sealed class PartialCustomResourceDefinitionSpec
{
    public List<PartialCustomResourceDefinitionVersion>? Versions { get; set; }

    public PartialCustomResourceConversion? Conversion { get; set; }
}

public sealed class PartialCustomResourceDefinitionVersion
{
    public string? Name { get; set; }

    public bool? Served { get; set; }
}

public sealed class PartialCustomResourceConversion
{
    public PartialWebhook? Webhook { get; set; }
}

/// <summary>An aggregated API: the Service that the API server forwards requests to; null for its own groups.</summary>
[KubernetesEntity(Group = "apiregistration.k8s.io", ApiVersion = "v1", Kind = "APIService", PluralName = "apiservices")]
[EntityScope(EntityScope.Cluster)]
public sealed class PartialAPIService : PartialObject<PartialAPIServiceSpec>;

public sealed class PartialAPIServiceSpec
{
    public ApiServerServiceReference? Service { get; set; }
}
