using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Wayleave.Kubernetes.Client;

/// <summary>What a request carries. It can be sent more than once.</summary>
internal sealed class RequestBody(byte[] text, V1Patch.PatchType? type)
{
    private readonly MediaTypeHeaderValue _mediaType = new(
        type switch
        {
            null => "application/json",
            V1Patch.PatchType.JsonPatch => "application/json-patch+json",
            V1Patch.PatchType.MergePatch => "application/merge-patch+json",
            V1Patch.PatchType.ApplyPatch => "application/apply-patch+yaml",
            _ => throw new ArgumentException($"Patches of type {type} are not sent.", nameof(type)),
        },
        "utf-8");

    /// <param name="type">Null for an object that is no patch.</param>
    public static RequestBody Create<T>(T value, JsonTypeInfo<T> json, V1Patch.PatchType? type = null) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, json), type);

    /// <summary>A patch whose content is text.</summary>
    public static RequestBody Create(V1Patch patch) => new(Encoding.UTF8.GetBytes((string)patch.Content), patch.Type);

    public HttpContent ToContent() => new ByteArrayContent(text) { Headers = { ContentType = _mediaType } };
}
