namespace Wayleave.Kubernetes.Informers;

/// <summary>Objects by the values of an index function. Not thread-safe: the store's lock guards it.</summary>
internal sealed class StoreIndex<TEntity>(Func<TEntity, IEnumerable<string>> values)
    where TEntity : class
{
    // Most values have one object. It is stored without a set, which would be most of the memory of an index.
    private readonly Dictionary<string, object> _entries = new(StringComparer.Ordinal);

    public void Add(TEntity entity)
    {
        foreach (var value in values(entity))
        {
            switch (_entries.GetValueOrDefault(value))
            {
                case null:
                    _entries[value] = entity;
                    break;
                case HashSet<TEntity> several:
                    several.Add(entity);
                    break;
                case TEntity one when !ReferenceEquals(one, entity):
                    _entries[value] = new HashSet<TEntity>(ReferenceEqualityComparer.Instance) { one, entity };
                    break;
                default:
                    break;
            }
        }
    }

    public void Remove(TEntity entity)
    {
        foreach (var value in values(entity))
        {
            var entry = _entries.GetValueOrDefault(value);
            if (ReferenceEquals(entry, entity) || (entry is HashSet<TEntity> several && several.Remove(entity) && several.Count == 0))
            {
                _entries.Remove(value);
            }
        }
    }

    public IReadOnlyList<TEntity> Find(string value) => _entries.GetValueOrDefault(value) switch
    {
        null => [],
        HashSet<TEntity> several => [.. several],
        var one => [(TEntity)one],
    };

    public int Count(string value) => _entries.GetValueOrDefault(value) switch
    {
        null => 0,
        HashSet<TEntity> several => several.Count,
        _ => 1,
    };
}
