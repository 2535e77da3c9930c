using System.Text.Json;

namespace Wayleave.EndToEnd.Tests.Exactness;

/// <summary>A revision of one key in etcd.</summary>
/// <param name="Key">Below <c>/registry/</c>.</param>
/// <param name="Object">What was stored; null when the key was deleted.</param>
/// <param name="Revision">When, as etcd counts.</param>
internal sealed record StoredChange(string Key, JsonElement? Object, long Revision);
