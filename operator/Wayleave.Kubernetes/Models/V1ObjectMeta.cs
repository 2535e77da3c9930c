using System.Text.Json.Serialization;

namespace Wayleave.Kubernetes.Models;

/// <summary>Standard object metadata (Kubernetes API conventions, "Metadata").</summary>
public sealed class V1ObjectMeta
{
    public string? Name { get; set; }

    [JsonPropertyName("namespace")]
    public string? NamespaceProperty { get; set; }

    public string? Uid { get; set; }

    public string? ResourceVersion { get; set; }

    public long? Generation { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }

    public List<V1OwnerReference>? OwnerReferences { get; set; }

    public List<string>? Finalizers { get; set; }

    public DateTimeOffset? CreationTimestamp { get; set; }

    public DateTimeOffset? DeletionTimestamp { get; set; }

    public List<V1ManagedFieldsEntry>? ManagedFields { get; set; }
}
