namespace Wayleave.Kubernetes.Models;

/// <summary>Who last wrote some fields. The list of fields itself is left out: it is large, and nothing here reads it.</summary>
public sealed class V1ManagedFieldsEntry
{
    public string? Manager { get; set; }

    public string? Operation { get; set; }

    public string? Subresource { get; set; }

    public DateTimeOffset? Time { get; set; }
}
