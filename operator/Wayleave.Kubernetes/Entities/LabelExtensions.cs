namespace Wayleave.Kubernetes;

/// <summary>Reads labels and annotations, which are absent as a whole in objects that have none.</summary>
public static class LabelExtensions
{
    /// <summary>Null when there is no such key, or no labels at all.</summary>
    public static string? Find(this IDictionary<string, string>? labels, string key) =>
        labels is not null && labels.TryGetValue(key, out var value) ? value : null;

    /// <summary>None for null.</summary>
    public static IEnumerable<KeyValuePair<string, string>> OrEmpty(this IDictionary<string, string>? labels) => labels ?? Enumerable.Empty<KeyValuePair<string, string>>();
}
