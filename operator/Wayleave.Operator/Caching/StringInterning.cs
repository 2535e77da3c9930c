using CommunityToolkit.HighPerformance.Buffers;
using k8s.Models;

namespace Wayleave.Operator.Caching;

/// <summary>
/// Keeps texts that many objects have in common (namespaces, label keys, names of tools) in memory once. It remembers the few thousand that
/// were used last, so it never grows. Safe for any number of threads.
/// </summary>
internal sealed class StringInterning
{
    private readonly StringPool _pool = new(4096);

    /// <summary>An equal text, the same one as for others where that is known.</summary>
    public string? Share(string? text) => text is null ? null : _pool.GetOrAdd(text);

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
