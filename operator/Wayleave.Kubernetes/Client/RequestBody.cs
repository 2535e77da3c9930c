using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Wayleave.Kubernetes.Client;

/// <summary>What a request carries. It can be sent more than once.</summary>
internal sealed class RequestBody(byte[] text, MediaTypeHeaderValue type)
{
    private static readonly MediaTypeHeaderValue _json = new("application/json", "utf-8");
    private static readonly MediaTypeHeaderValue _jsonPatch = new("application/json-patch+json", "utf-8");
    private static readonly MediaTypeHeaderValue _mergePatch = new("application/merge-patch+json", "utf-8");
    private static readonly MediaTypeHeaderValue _applyPatch = new("application/apply-patch+yaml", "utf-8");

    public static RequestBody Create<T>(T value, JsonTypeInfo<T> json) => new(JsonSerializer.SerializeToUtf8Bytes(value, json), _json);

    /// <summary>An object as a server-side apply.</summary>
    public static RequestBody CreateApply<T>(T value, JsonTypeInfo<T> json) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, json), _applyPatch);

    /// <summary>An object as a merge patch (RFC 7396).</summary>
    public static RequestBody CreateMergePatch<T>(T value, JsonTypeInfo<T> json) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, json), _mergePatch);

    /// <summary>A patch whose content is text.</summary>
    public static RequestBody Create(V1Patch patch) => new(
        Encoding.UTF8.GetBytes((string)patch.Content),
        patch.Type switch
        {
            V1Patch.PatchType.JsonPatch => _jsonPatch,
            V1Patch.PatchType.MergePatch => _mergePatch,
            V1Patch.PatchType.ApplyPatch => _applyPatch,
            _ => throw new ArgumentException($"Patches of type {patch.Type} are not sent.", nameof(patch)),
        });

    public HttpContent ToContent() => new ByteArrayContent(text) { Headers = { ContentType = type } };
}
