using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>
/// What many kinds have in common (k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto). As in JSON, fields that are not used are skipped,
/// and an empty string or map reads as null.
/// </summary>
internal static class MetadataMessages
{
    /// <summary>An object with metadata in field 1 and a spec in field 2, which is how almost all kinds begin.</summary>
    public static TEntity Object<TEntity, TSpec>(ProtobufReader reader, MessageReader<TSpec> spec)
        where TEntity : IKubernetesObject<V1ObjectMeta>, ISpec<TSpec?>, new()
        where TSpec : class
    {
        var entity = new TEntity { Metadata = new V1ObjectMeta() };
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                entity.Metadata = Metadata(reader.GetMessage());
            }
            else if (field == 2)
            {
                entity.Spec = spec(reader.GetMessage());
            }
        }

        return entity;
    }

    public static V1ObjectMeta Metadata(ProtobufReader reader)
    {
        var metadata = new V1ObjectMeta();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    metadata.Name = reader.GetString();
                    break;
                case 3:
                    metadata.NamespaceProperty = reader.GetString();
                    break;
                case 5:
                    metadata.Uid = reader.GetString();
                    break;
                case 6:
                    metadata.ResourceVersion = reader.GetString();
                    break;
                case 7:
                    metadata.Generation = reader.GetInt64() is var generation and not 0 ? generation : null;
                    break;
                case 8:
                    metadata.CreationTimestamp = Time(reader.GetMessage());
                    break;
                case 9:
                    metadata.DeletionTimestamp = Time(reader.GetMessage());
                    break;
                default:
                    ReadCollection(metadata, field, reader);
                    break;
            }
        }

        return metadata;
    }

    // Each element of a list, and each entry of a map, is a field of its own.
    private static void ReadCollection(V1ObjectMeta metadata, int field, ProtobufReader reader)
    {
        switch (field)
        {
            case 11:
                metadata.Labels = AddEntry(metadata.Labels, reader.GetMessage());
                break;
            case 12:
                metadata.Annotations = AddEntry(metadata.Annotations, reader.GetMessage());
                break;
            case 13:
                (metadata.OwnerReferences ??= []).Add(OwnerReference(reader.GetMessage()));
                break;
            case 14:
                (metadata.Finalizers ??= []).Add(reader.GetText());
                break;
            case 17:
                (metadata.ManagedFields ??= []).Add(ManagedFields(reader.GetMessage()));
                break;
            default:
                break;
        }
    }

    public static V1ListMeta ListMetadata(ProtobufReader reader)
    {
        var metadata = new V1ListMeta();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 2:
                    metadata.ResourceVersion = reader.GetString();
                    break;
                case 3:
                    metadata.ContinueProperty = reader.GetString();
                    break;
                case 4:
                    metadata.RemainingItemCount = reader.GetInt64();
                    break;
                default:
                    break;
            }
        }

        return metadata;
    }

    /// <summary>The body of an error.</summary>
    public static V1Status Status(ProtobufReader reader)
    {
        var status = new V1Status();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 2:
                    status.Status = reader.GetString();
                    break;
                case 3:
                    status.Message = reader.GetString();
                    break;
                case 4:
                    status.Reason = reader.GetString();
                    break;
                case 6:
                    status.Code = reader.GetInt32();
                    break;
                default:
                    break;
            }
        }

        return status;
    }

    public static V1LabelSelector Selector(ProtobufReader reader)
    {
        var selector = new V1LabelSelector();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                selector.MatchLabels = AddEntry(selector.MatchLabels, reader.GetMessage());
            }
            else if (field == 2)
            {
                (selector.MatchExpressions ??= []).Add(Requirement(reader.GetMessage()));
            }
        }

        return selector;
    }

    /// <summary>Adds one entry of a <c>map&lt;string, string&gt;</c>, which is a repeated message of a key and a value.</summary>
    public static IDictionary<string, string> AddEntry(IDictionary<string, string>? map, ProtobufReader reader)
    {
        var (key, value) = ("", "");
        while (reader.Read(out var field))
        {
            (key, value) = field switch
            {
                1 => (reader.GetText(), value),
                2 => (key, reader.GetText()),
                _ => (key, value),
            };
        }

        map ??= new Dictionary<string, string>(StringComparer.Ordinal);
        map[key] = value;
        return map;
    }

    /// <summary>k8s.io/apimachinery/pkg/util/intstr/generated.proto: a type (0 for a number), the number and the text.</summary>
    public static PortNumberOrName Port(ProtobufReader reader)
    {
        var (isText, number, text) = (false, 0, "");
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    isText = reader.GetInt64() == 1;
                    break;
                case 2:
                    number = reader.GetInt32();
                    break;
                case 3:
                    text = reader.GetText();
                    break;
                default:
                    break;
            }
        }

        return isText ? new PortNumberOrName(text) : new PortNumberOrName(number);
    }

    private static V1LabelSelectorRequirement Requirement(ProtobufReader reader)
    {
        var requirement = new V1LabelSelectorRequirement();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    requirement.Key = reader.GetText();
                    break;
                case 2:
                    requirement.OperatorProperty = reader.GetText();
                    break;
                case 3:
                    (requirement.Values ??= []).Add(reader.GetText());
                    break;
                default:
                    break;
            }
        }

        return requirement;
    }

    private static V1OwnerReference OwnerReference(ProtobufReader reader)
    {
        var owner = new V1OwnerReference();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    owner.Kind = reader.GetText();
                    break;
                case 3:
                    owner.Name = reader.GetText();
                    break;
                case 4:
                    owner.Uid = reader.GetText();
                    break;
                case 5:
                    owner.ApiVersion = reader.GetText();
                    break;
                case 6:
                    owner.Controller = reader.GetBoolean();
                    break;
                case 7:
                    owner.BlockOwnerDeletion = reader.GetBoolean();
                    break;
                default:
                    break;
            }
        }

        return owner;
    }

    private static V1ManagedFieldsEntry ManagedFields(ProtobufReader reader)
    {
        var entry = new V1ManagedFieldsEntry();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    entry.Manager = reader.GetString();
                    break;
                case 2:
                    entry.Operation = reader.GetString();
                    break;
                case 4:
                    entry.Time = Time(reader.GetMessage());
                    break;
                case 8:
                    entry.Subresource = reader.GetString();
                    break;
                default:
                    break;
            }
        }

        return entry;
    }

    // An empty message is no time. The rest of a second is dropped, as in JSON.
    private static DateTime? Time(ProtobufReader reader)
    {
        DateTime? time = null;
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                time = reader.GetInt64() is >= MinSeconds and <= MaxSeconds and var seconds
                    ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime
                    : throw ProtobufReader.Malformed();
            }
        }

        return time;
    }

    // The years 1 to 9999.
    private const long MinSeconds = -62_135_596_800;
    private const long MaxSeconds = 253_402_300_799;
}
