using System.Diagnostics.CodeAnalysis;

namespace Wayleave.Ingest;

/// <summary>A dictionary with a limited number of entries: a new one replaces the one that was set longest ago. Not thread-safe.</summary>
public sealed class RecentEntries<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<KeyValuePair<TKey, TValue>>> _nodes = [];
    private readonly LinkedList<KeyValuePair<TKey, TValue>> _order = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = _nodes.TryGetValue(key, out var node);
        value = found ? node!.Value.Value : default;
        return found;
    }

    /// <summary>Adds the entry or replaces it. It is then the newest.</summary>
    public void Set(TKey key, TValue value)
    {
        if (!Remove(key) && _nodes.Count >= capacity)
        {
            Remove(_order.First!.Value.Key);
        }

        _nodes[key] = _order.AddLast(new KeyValuePair<TKey, TValue>(key, value));
    }

    public bool Remove(TKey key)
    {
        if (!_nodes.Remove(key, out var node))
        {
            return false;
        }

        _order.Remove(node);
        return true;
    }
}
