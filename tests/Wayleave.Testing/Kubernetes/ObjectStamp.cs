using System.Globalization;
using System.Text.Json.Nodes;

namespace Wayleave.Testing.Kubernetes;

/// <summary>The metadata that the API server sets.</summary>
internal static class ObjectStamp
{
    /// <summary>Updates the metadata of a changed object: a new object gets a UID, and a new spec or the start of a deletion a new generation.</summary>
    public static void Put(JsonObject now, JsonObject? old, long version)
    {
        var meta = now["metadata"]!.AsObject();
        var before = old?["metadata"];
        var text = version.ToString(CultureInfo.InvariantCulture);
        var isSame = old is not null
            && JsonNode.DeepEquals(old["spec"], now["spec"])
            && JsonNode.DeepEquals(before!["deletionTimestamp"], meta["deletionTimestamp"]);
        meta["uid"] = (string?)before?["uid"] ?? $"uid-{text}";
        meta["resourceVersion"] = text;

        // Unlike an API server, it takes the time that a test gives.
        meta["creationTimestamp"] = (string?)before?["creationTimestamp"] ?? (string?)meta["creationTimestamp"] ?? Created(version);
        meta["generation"] = ((long?)before?["generation"] ?? 0) + (isSame ? 0 : 1);
    }

    // Some objects have the same creation time, because times are stored in whole seconds.
    private static string Created(long version) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(version / 4).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whether the object is being deleted and has no finalizers left.</summary>
    public static bool IsReleased(JsonObject entity) =>
        entity["metadata"]!["deletionTimestamp"] is not null && entity["metadata"]!["finalizers"] is null or JsonArray { Count: 0 };

    /// <summary>The object after a delete request. Null unless it has finalizers to wait for.</summary>
    public static JsonObject? Deleted(JsonObject entity)
    {
        if (entity["metadata"]!["finalizers"] is not JsonArray { Count: > 0 })
        {
            return null;
        }

        var now = entity.DeepClone().AsObject();
        now["metadata"]!["deletionTimestamp"] ??= "2026-01-01T00:00:00Z";
        return now;
    }

    /// <summary>Records the manager of a write. Omits the list of fields, which is not used.</summary>
    public static void Manage(JsonObject entity, string manager, string operation, string? subresource = null)
    {
        var entries = entity["metadata"]!["managedFields"] as JsonArray ?? [];
        if (!IsManaged(entity, manager, operation, subresource))
        {
            entries.Add(new JsonObject { ["manager"] = manager, ["operation"] = operation, ["subresource"] = subresource });
        }

        entity["metadata"]!["managedFields"] ??= entries;
    }

    public static bool IsManaged(JsonObject entity, string manager, string operation, string? subresource = null) =>
        (entity["metadata"]!["managedFields"] as JsonArray ?? []).Any(entry =>
            (string?)entry!["manager"] == manager && (string?)entry["operation"] == operation && (string?)entry["subresource"] == subresource);
}
