using k8s.Models;

namespace Wayleave.Operator.Caching;

/// <summary>
/// Lets texts that many objects have in common (namespaces, label keys, names of tools) be in memory once. It remembers a few thousand and
/// forgets others for them, so it never grows. Safe for any number of threads: whoever misses another's text keeps its own.
/// </summary>
internal sealed class SharedStrings
{
    private const int Places = 4096;
    private readonly string?[] _known = new string?[Places];

    /// <summary>An equal text, the same one as for others where that is known.</summary>
    public string? Share(string? text)
    {
        if (text is null)
        {
            return null;
        }

        ref var place = ref _known[(uint)string.GetHashCode(text, StringComparison.Ordinal) % Places];
        var known = place;
        if (known == text)
        {
            return known;
        }

        place = text;
        return text;
    }

    /// <summary>Equal labels, of shared texts.</summary>
    public IDictionary<string, string>? Share(IDictionary<string, string>? labels)
    {
        if (labels is null or { Count: 0 })
        {
            return labels;
        }

        var shared = new Dictionary<string, string>(labels.Count, StringComparer.Ordinal);
        foreach (var (key, value) in labels)
        {
            shared[Share(key)!] = Share(value)!;
        }

        return shared;
    }

    /// <summary>Shares what metadata of one kind have in common.</summary>
    public void Share(V1ObjectMeta meta)
    {
        meta.NamespaceProperty = Share(meta.NamespaceProperty);
        meta.Labels = Share(meta.Labels);
        foreach (var entry in meta.ManagedFields ?? [])
        {
            (entry.Manager, entry.Operation, entry.Subresource) = (Share(entry.Manager), Share(entry.Operation), Share(entry.Subresource));
        }
    }
}
