using System.Text.Json;

namespace Wayleave.Testing.Exactness;

/// <summary>A revision of one key in etcd.</summary>
/// <param name="Key">Below <c>/registry/</c>.</param>
/// <param name="Object">What was stored; null when the key was deleted.</param>
/// <param name="Revision">When, as etcd counts.</param>
public sealed record StoredChange(string Key, JsonElement? Object, long Revision);
