using System.Net.Http.Headers;

namespace Wayleave.Kubernetes.Client;

/// <summary>The body of a PATCH request, already as UTF-8 JSON.</summary>
public sealed record V1Patch(ReadOnlyMemory<byte> Content, V1Patch.PatchType Type)
{
    /// <summary>How the API server reads a patch.</summary>
    public enum PatchType
    {
        /// <summary>RFC 7386.</summary>
        MergePatch,

        /// <summary>RFC 6902.</summary>
        JsonPatch,

        /// <summary>Server-side apply. JSON is YAML, so the content is JSON here too.</summary>
        ApplyPatch,
    }

    internal MediaTypeHeaderValue ContentType => new(Type switch
    {
        PatchType.MergePatch => "application/merge-patch+json",
        PatchType.JsonPatch => "application/json-patch+json",
        _ => "application/apply-patch+yaml",
    });
}
