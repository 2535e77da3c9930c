namespace Wayleave.Kubernetes;

/// <summary>Reads labels and annotations, which are null in objects that have none.</summary>
public static class LabelExtensions
{
    /// <summary>Null if the key does not exist.</summary>
    public static string? Find(this IDictionary<string, string>? labels, string key) =>
        labels is not null && labels.TryGetValue(key, out var value) ? value : null;

    public static IEnumerable<KeyValuePair<string, string>> OrEmpty(this IDictionary<string, string>? labels) =>
        labels ?? Enumerable.Empty<KeyValuePair<string, string>>();
}
