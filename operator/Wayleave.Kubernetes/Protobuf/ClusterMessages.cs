using k8s.Models;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>
/// Kinds of the cluster as a whole (generated.proto of k8s.io/api/core/v1 and admissionregistration/v1, of
/// k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1 and of k8s.io/kube-aggregator/pkg/apis/apiregistration/v1).
/// </summary>
public static class ClusterMessages
{
    private static readonly MessageParser<V1NamespaceStatus> _namespaceStatus = new(static () => new())
    {
        [1] = static (status, in field) => status.Phase = field.GetString(),
    };

    private static readonly MessageParser<V1NodeSpec> _nodeSpec = new(static () => new())
    {
        [7] = static (spec, in field) => (spec.PodCIDRs ??= []).Add(field.GetText()),
    };

    private static readonly MessageParser<ApiServerServiceReference> _webhookService = ForServiceReference(port: 4);

    private static readonly MessageParser<PartialWebhookClientConfig> _clientConfig = new(static () => new())
    {
        [1] = static (config, in field) => config.Service = field.GetMessage(_webhookService),
    };

    private static readonly MessageParser<PartialWebhook> _webhook = new(static () => new())
    {
        [2] = static (webhook, in field) => webhook.ClientConfig = field.GetMessage(_clientConfig),
    };

    private static readonly MessageParser<PartialCustomResourceDefinitionVersion> _definitionVersion = new(static () => new())
    {
        [1] = static (version, in field) => version.Name = field.GetText(),
        [2] = static (version, in field) => version.Served = field.GetBoolean(),
    };

    private static readonly MessageParser<PartialCustomResourceConversion> _conversion = new(static () => new())
    {
        [2] = static (conversion, in field) => conversion.Webhook = field.GetMessage(_webhook),
    };

    private static readonly MessageParser<PartialCustomResourceDefinitionSpec> _definitionSpec = new(static () => new())
    {
        [7] = static (spec, in field) => (spec.Versions ??= []).Add(field.GetMessage(_definitionVersion)),
        [9] = static (spec, in field) => spec.Conversion = field.GetMessage(_conversion),
    };

    private static readonly MessageParser<ApiServerServiceReference> _apiService = ForServiceReference(port: 3);

    private static readonly MessageParser<PartialAPIServiceSpec> _apiServiceSpec = new(static () => new())
    {
        [1] = static (spec, in field) => spec.Service = field.GetMessage(_apiService),
    };

    public static MessageParser<V1Namespace> Namespace { get; } = new(static () => new() { Metadata = new() })
    {
        [1] = static (entity, in field) => entity.Metadata = field.GetMessage(MetadataMessages.Metadata),
        [3] = static (entity, in field) => entity.Status = field.GetMessage(_namespaceStatus),
    };

    public static MessageParser<V1Node> Node { get; } = MetadataMessages.ForObject<V1Node, V1NodeSpec>(_nodeSpec);

    public static MessageParser<PartialValidatingWebhookConfiguration> ValidatingWebhooks { get; } =
        ForWebhooks<PartialValidatingWebhookConfiguration>(static () => new());

    public static MessageParser<PartialMutatingWebhookConfiguration> MutatingWebhooks { get; } =
        ForWebhooks<PartialMutatingWebhookConfiguration>(static () => new());

    public static MessageParser<PartialCustomResourceDefinition> CustomResourceDefinition { get; } =
        MetadataMessages.ForObject<PartialCustomResourceDefinition, PartialCustomResourceDefinitionSpec>(_definitionSpec);

    public static MessageParser<PartialAPIService> ApiService { get; } =
        MetadataMessages.ForObject<PartialAPIService, PartialAPIServiceSpec>(_apiServiceSpec);

    private static MessageParser<TEntity> ForWebhooks<TEntity>(Func<TEntity> create)
        where TEntity : PartialAdmissionWebhookConfiguration => new(create)
        {
            [1] = static (entity, in field) => entity.Metadata = field.GetMessage(MetadataMessages.Metadata),
            [2] = static (entity, in field) => (entity.Webhooks ??= []).Add(field.GetMessage(_webhook)),
        };

    private static MessageParser<ApiServerServiceReference> ForServiceReference(int port) => new(static () => new())
    {
        [1] = static (service, in field) => service.Namespace = field.GetString(),
        [2] = static (service, in field) => service.Name = field.GetString(),
        [port] = static (service, in field) => service.Port = field.GetInt32(),
    };
}
