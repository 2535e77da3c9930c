using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Wayleave.Kubernetes.Client;

/// <summary>A member of an object that a JSON patch sets.</summary>
/// <param name="Path">A JSON pointer (RFC 6901).</param>
/// <param name="Json">Its value, in UTF-8.</param>
public sealed record PatchMember(string Path, ReadOnlyMemory<byte> Json)
{
    public static PatchMember Of<T>(string path, T value, JsonTypeInfo<T> json) => new(path, JsonSerializer.SerializeToUtf8Bytes(value, json));
}
