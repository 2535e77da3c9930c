using System.Text.Json.Serialization;

namespace Wayleave.Kubernetes.Models;

/// <summary>Metadata of a list: the version to watch from, and the token of the next page.</summary>
public sealed class V1ListMeta
{
    public string? ResourceVersion { get; set; }

    [JsonPropertyName("continue")]
    public string? ContinueProperty { get; set; }

    public long? RemainingItemCount { get; set; }
}
