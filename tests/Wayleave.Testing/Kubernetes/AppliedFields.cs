using System.Text.Json.Nodes;

namespace Wayleave.Testing.Kubernetes;

/// <summary>
/// Server-side apply, as far as a NetworkPolicy needs it: lists are replaced, maps of labels are merged, and fields that are no longer applied
/// are removed.
/// </summary>
internal static class AppliedFields
{
    private static readonly string[][] _maps = [["metadata", "labels"], ["metadata", "annotations"], ["spec", "podSelector", "matchLabels"]];

    /// <summary>The object after an apply.</summary>
    /// <param name="current">The current object, which is not changed.</param>
    /// <param name="applied">The applied fields.</param>
    /// <param name="before">The fields that the same manager applied before. Null for none.</param>
    public static JsonObject Merge(JsonObject current, JsonObject applied, JsonObject? before)
    {
        var result = current.DeepClone().AsObject();
        result["spec"] = applied["spec"]?.DeepClone();
        foreach (var path in _maps)
        {
            MergeMap(result, path, At(current, path), At(applied, path), At(before, path));
        }

        return result;
    }

    /// <summary>Whether an apply would change an existing value.</summary>
    public static bool Collides(JsonObject current, JsonObject applied) =>
        !JsonNode.DeepEquals(current["spec"], applied["spec"])
        || _maps.Any(path => (At(applied, path) ?? []).Any(entry => At(current, path)?[entry.Key] is { } value && !JsonNode.DeepEquals(value, entry.Value)));

    private static void MergeMap(JsonObject result, string[] path, JsonObject? current, JsonObject? applied, JsonObject? before)
    {
        var others = (current ?? []).Where(entry => applied?.ContainsKey(entry.Key) != true && before?.ContainsKey(entry.Key) != true);
        var merged = new JsonObject((applied ?? []).Concat(others).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())));
        if (merged.Count > 0 && Parent(result, path) is { } parent)
        {
            parent[path[^1]] = merged;
        }
        else
        {
            Parent(result, path)?.Remove(path[^1]);
        }
    }

    private static JsonObject? Parent(JsonObject entity, string[] path) => At(entity, path[..^1]);

    private static JsonObject? At(JsonObject? entity, string[] path) =>
        path.Aggregate((JsonNode?)entity, (node, name) => (node as JsonObject)?[name]) as JsonObject;
}
