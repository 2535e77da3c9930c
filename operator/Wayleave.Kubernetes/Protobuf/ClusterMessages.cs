using k8s.Models;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>
/// Kinds of the cluster as a whole (generated.proto of k8s.io/api/core/v1 and admissionregistration/v1, of
/// k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1 and of k8s.io/kube-aggregator/pkg/apis/apiregistration/v1).
/// </summary>
public static class ClusterMessages
{
    public static V1Namespace Namespace(ProtobufReader reader)
    {
        var entity = new V1Namespace { Metadata = new V1ObjectMeta() };
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                entity.Metadata = MetadataMessages.Metadata(reader.GetMessage());
            }
            else if (field == 3)
            {
                entity.Status = NamespaceStatus(reader.GetMessage());
            }
        }

        return entity;
    }

    public static V1Node Node(ProtobufReader reader) => MetadataMessages.Object<V1Node, V1NodeSpec>(reader, NodeSpec);

    public static PartialValidatingWebhookConfiguration ValidatingWebhooks(ProtobufReader reader) =>
        Webhooks<PartialValidatingWebhookConfiguration>(reader);

    public static PartialMutatingWebhookConfiguration MutatingWebhooks(ProtobufReader reader) =>
        Webhooks<PartialMutatingWebhookConfiguration>(reader);

    public static PartialCustomResourceDefinition CustomResourceDefinition(ProtobufReader reader) =>
        MetadataMessages.Object<PartialCustomResourceDefinition, PartialCustomResourceDefinitionSpec>(reader, DefinitionSpec);

    public static PartialAPIService ApiService(ProtobufReader reader) =>
        MetadataMessages.Object<PartialAPIService, PartialAPIServiceSpec>(reader, ApiServiceSpec);

    private static V1NamespaceStatus NamespaceStatus(ProtobufReader reader)
    {
        var status = new V1NamespaceStatus();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                status.Phase = reader.GetString();
            }
        }

        return status;
    }

    private static V1NodeSpec NodeSpec(ProtobufReader reader)
    {
        var spec = new V1NodeSpec();
        while (reader.Read(out var field))
        {
            if (field == 7)
            {
                (spec.PodCIDRs ??= []).Add(reader.GetText());
            }
        }

        return spec;
    }

    private static TEntity Webhooks<TEntity>(ProtobufReader reader)
        where TEntity : PartialAdmissionWebhookConfiguration, new()
    {
        var configuration = new TEntity();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                configuration.Metadata = MetadataMessages.Metadata(reader.GetMessage());
            }
            else if (field == 2)
            {
                (configuration.Webhooks ??= []).Add(Webhook(reader.GetMessage()));
            }
        }

        return configuration;
    }

    private static PartialAdmissionWebhook Webhook(ProtobufReader reader)
    {
        var webhook = new PartialAdmissionWebhook();
        while (reader.Read(out var field))
        {
            if (field == 2)
            {
                webhook.ClientConfig = ClientConfig(reader.GetMessage());
            }
        }

        return webhook;
    }

    private static PartialWebhookClientConfig ClientConfig(ProtobufReader reader)
    {
        var config = new PartialWebhookClientConfig();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                config.Service = Service(reader.GetMessage(), port: 4);
            }
        }

        return config;
    }

    private static ApiServerServiceReference Service(ProtobufReader reader, int port)
    {
        var service = new ApiServerServiceReference();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                service.Namespace = reader.GetString();
            }
            else if (field == 2)
            {
                service.Name = reader.GetString();
            }
            else if (field == port)
            {
                service.Port = reader.GetInt32();
            }
        }

        return service;
    }

    private static PartialCustomResourceDefinitionSpec DefinitionSpec(ProtobufReader reader)
    {
        var spec = new PartialCustomResourceDefinitionSpec();
        while (reader.Read(out var field))
        {
            if (field == 7)
            {
                (spec.Versions ??= []).Add(Version(reader.GetMessage()));
            }
            else if (field == 9)
            {
                spec.Conversion = Conversion(reader.GetMessage());
            }
        }

        return spec;
    }

    private static PartialCustomResourceDefinitionVersion Version(ProtobufReader reader)
    {
        var version = new PartialCustomResourceDefinitionVersion();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                version.Name = reader.GetText();
            }
            else if (field == 2)
            {
                version.Served = reader.GetBoolean();
            }
        }

        return version;
    }

    private static PartialCustomResourceConversion Conversion(ProtobufReader reader)
    {
        var conversion = new PartialCustomResourceConversion();
        while (reader.Read(out var field))
        {
            if (field == 2)
            {
                conversion.Webhook = WebhookConversion(reader.GetMessage());
            }
        }

        return conversion;
    }

    private static PartialWebhookConversion WebhookConversion(ProtobufReader reader)
    {
        var conversion = new PartialWebhookConversion();
        while (reader.Read(out var field))
        {
            if (field == 2)
            {
                conversion.ClientConfig = ClientConfig(reader.GetMessage());
            }
        }

        return conversion;
    }

    private static PartialAPIServiceSpec ApiServiceSpec(ProtobufReader reader)
    {
        var spec = new PartialAPIServiceSpec();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                spec.Service = Service(reader.GetMessage(), port: 3);
            }
        }

        return spec;
    }
}
