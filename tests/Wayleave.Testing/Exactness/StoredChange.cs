using System.Text.Json;

namespace Wayleave.Testing.Exactness;

/// <summary>A revision of one key in etcd.</summary>
/// <param name="Key">The key, below <c>/registry/</c>.</param>
/// <param name="Object">The stored object. Null when the key was deleted.</param>
/// <param name="Revision">The revision of etcd.</param>
public sealed record StoredChange(string Key, JsonElement? Object, long Revision);
