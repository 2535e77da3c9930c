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
    // The years 1 to 9999.
    private const long MinSeconds = -62_135_596_800;
    private const long MaxSeconds = 253_402_300_799;

    private static readonly MessageParser<V1OwnerReference> _ownerReference = new(static () => new())
    {
        [1] = static (owner, in field) => owner.Kind = field.GetText(),
        [3] = static (owner, in field) => owner.Name = field.GetText(),
        [4] = static (owner, in field) => owner.Uid = field.GetText(),
        [5] = static (owner, in field) => owner.ApiVersion = field.GetText(),
        [6] = static (owner, in field) => owner.Controller = field.GetBoolean(),
        [7] = static (owner, in field) => owner.BlockOwnerDeletion = field.GetBoolean(),
    };

    private static readonly MessageParser<V1ManagedFieldsEntry> _managedFields = new(static () => new())
    {
        [1] = static (entry, in field) => entry.Manager = field.GetString(),
        [2] = static (entry, in field) => entry.Operation = field.GetString(),
        [4] = static (entry, in field) => entry.Time = ReadTime(field.GetMessage()),
        [8] = static (entry, in field) => entry.Subresource = field.GetString(),
    };

    private static readonly MessageParser<V1LabelSelectorRequirement> _requirement = new(static () => new())
    {
        [1] = static (requirement, in field) => requirement.Key = field.GetText(),
        [2] = static (requirement, in field) => requirement.OperatorProperty = field.GetText(),
        [3] = static (requirement, in field) => (requirement.Values ??= []).Add(field.GetText()),
    };

    public static MessageParser<V1ObjectMeta> Metadata { get; } = AddAnnotations(CreateMetadata());

    /// <summary>
    /// Without annotations and field managers: of a workload that was applied, one annotation is its whole manifest.
    /// </summary>
    public static MessageParser<V1ObjectMeta> MetadataWithoutAnnotations { get; } = CreateMetadata();

    /// <summary>The labels of a Pod template.</summary>
    public static MessageParser<V1ObjectMeta> LabelsOnly { get; } = new(static () => new())
    {
        [11] = static (metadata, in field) => metadata.Labels = AddEntry(metadata.Labels, field.GetMessage()),
    };

    public static MessageParser<V1ListMeta> ListMetadata { get; } = new(static () => new())
    {
        [2] = static (metadata, in field) => metadata.ResourceVersion = field.GetString(),
        [3] = static (metadata, in field) => metadata.ContinueProperty = field.GetString(),
        [4] = static (metadata, in field) => metadata.RemainingItemCount = field.GetInt64(),
    };

    /// <summary>The body of an error.</summary>
    public static MessageParser<V1Status> Status { get; } = new(static () => new())
    {
        [2] = static (status, in field) => status.Status = field.GetString(),
        [3] = static (status, in field) => status.Message = field.GetString(),
        [4] = static (status, in field) => status.Reason = field.GetString(),
        [6] = static (status, in field) => status.Code = field.GetInt32(),
    };

    public static MessageParser<V1LabelSelector> Selector { get; } = new(static () => new())
    {
        [1] = static (selector, in field) => selector.MatchLabels = AddEntry(selector.MatchLabels, field.GetMessage()),
        [2] = static (selector, in field) => (selector.MatchExpressions ??= []).Add(field.GetMessage(_requirement)),
    };

    /// <summary>An object with metadata in field 1 and a spec in field 2, which is how almost all kinds begin.</summary>
    /// <param name="spec">Declared before the object, because static members are initialized in the order of the text.</param>
    /// <param name="metadata">Null for all of it.</param>
    public static MessageParser<TEntity> ForObject<TEntity, TSpec>(MessageParser<TSpec> spec, MessageParser<V1ObjectMeta>? metadata = null)
        where TEntity : IKubernetesObject<V1ObjectMeta>, ISpec<TSpec?>, new()
        where TSpec : class => new(static () => new TEntity { Metadata = new() })
        {
            [1] = (entity, in field) => entity.Metadata = field.GetMessage(metadata ?? Metadata),
            [2] = (entity, in field) => entity.Spec = field.GetMessage(spec),
        };

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
    public static PortNumberOrName ReadPort(ProtobufReader reader)
    {
        var (isText, number, text) = (false, 0, "");
        while (reader.Read(out var field))
        {
            (isText, number, text) = field switch
            {
                1 => (reader.GetInt64() == 1, number, text),
                2 => (isText, reader.GetInt32(), text),
                3 => (isText, number, reader.GetText()),
                _ => (isText, number, text),
            };
        }

        return isText ? new PortNumberOrName(text) : new PortNumberOrName(number);
    }

    // An empty message is no time. The rest of a second is dropped, as in JSON.
    public static DateTime? ReadTime(ProtobufReader reader)
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

    private static MessageParser<V1ObjectMeta> CreateMetadata() => new(static () => new())
    {
        [1] = static (metadata, in field) => metadata.Name = field.GetString(),
        [3] = static (metadata, in field) => metadata.NamespaceProperty = field.GetString(),
        [5] = static (metadata, in field) => metadata.Uid = field.GetString(),
        [6] = static (metadata, in field) => metadata.ResourceVersion = field.GetString(),
        [7] = static (metadata, in field) => metadata.Generation = field.GetInt64() is var generation and not 0 ? generation : null,
        [8] = static (metadata, in field) => metadata.CreationTimestamp = ReadTime(field.GetMessage()),
        [9] = static (metadata, in field) => metadata.DeletionTimestamp = ReadTime(field.GetMessage()),
        [11] = static (metadata, in field) => metadata.Labels = AddEntry(metadata.Labels, field.GetMessage()),
        [13] = static (metadata, in field) => (metadata.OwnerReferences ??= []).Add(field.GetMessage(_ownerReference)),
        [14] = static (metadata, in field) => (metadata.Finalizers ??= []).Add(field.GetText()),
    };

    private static MessageParser<V1ObjectMeta> AddAnnotations(MessageParser<V1ObjectMeta> parser)
    {
        parser[12] = static (metadata, in field) => metadata.Annotations = AddEntry(metadata.Annotations, field.GetMessage());
        parser[17] = static (metadata, in field) => (metadata.ManagedFields ??= []).Add(field.GetMessage(_managedFields));
        return parser;
    }
}
