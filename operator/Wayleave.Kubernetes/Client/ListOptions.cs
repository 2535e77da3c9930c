using System.Globalization;
using System.Text;

namespace Wayleave.Kubernetes.Client;

/// <summary>The objects to list or watch. All namespaces if <see cref="Namespace"/> is null.</summary>
public sealed record ListOptions
{
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Objects per page; null asks for all in one answer.</summary>
    public int? Limit { get; init; }

    /// <summary>The token of the next page, from the page before.</summary>
    public string? ContinueToken { get; init; }

    /// <summary>
    /// For a watch: the version to start from. For a list: <c>0</c> reads from the cache of the API server. That may be slightly stale, is
    /// by far the cheapest, and is not paged (Kubernetes API concepts, "Resource versions").
    /// </summary>
    public string? ResourceVersion { get; init; }

    /// <summary>For a watch: the API server ends it after this time. If it does not, the client ends it 30 seconds later.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Asks for metadata alone (<c>PartialObjectMetadata</c>).</summary>
    public bool MetadataOnly { get; init; }

    /// <summary>
    /// For a watch: called with the resourceVersion of each added or modified object. If it returns true, because the caller has that
    /// version from its own write, the object is not parsed and a bookmark is delivered instead. Runs on the task that enumerates the watch
    /// and must be quick.
    /// </summary>
    public Func<string, bool>? IsKnown { get; init; }

    internal string ToQuery(bool watch) => BuildQuery(
        ("watch", watch ? "true" : null),
        ("allowWatchBookmarks", watch ? "true" : null),
        ("labelSelector", LabelSelector),
        ("fieldSelector", FieldSelector),
        ("limit", Limit?.ToString(CultureInfo.InvariantCulture)),
        ("continue", ContinueToken),
        ("resourceVersion", ResourceVersion),
        ("timeoutSeconds", Timeout?.TotalSeconds is { } seconds ? ((int)seconds).ToString(CultureInfo.InvariantCulture) : null));

    /// <summary>Builds the query of a URL. Null and empty values are omitted.</summary>
    internal static string BuildQuery(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
            {
                text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return text.ToString();
    }
}
