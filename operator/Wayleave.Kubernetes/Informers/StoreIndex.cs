namespace Wayleave.Kubernetes.Informers;

/// <summary>Files objects under the values that a function gives. Not thread-safe: the store's lock guards it.</summary>
internal sealed class StoreIndex<TEntity>(Func<TEntity, IEnumerable<string>> values)
    where TEntity : class
{
    // Most values have one object, which then stands for itself: a set for each would be most of what an index weighs.
    private readonly Dictionary<string, object> _filed = new(StringComparer.Ordinal);

    public void Add(TEntity entity)
    {
        foreach (var value in values(entity))
        {
            switch (_filed.GetValueOrDefault(value))
            {
                case null:
                    _filed[value] = entity;
                    break;
                case HashSet<TEntity> several:
                    several.Add(entity);
                    break;
                case TEntity one when !ReferenceEquals(one, entity):
                    _filed[value] = new HashSet<TEntity>(ReferenceEqualityComparer.Instance) { one, entity };
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
            var filed = _filed.GetValueOrDefault(value);
            if (ReferenceEquals(filed, entity) || (filed is HashSet<TEntity> several && several.Remove(entity) && several.Count == 0))
            {
                _filed.Remove(value);
            }
        }
    }

    public IReadOnlyList<TEntity> Find(string value) => _filed.GetValueOrDefault(value) switch
    {
        null => [],
        HashSet<TEntity> several => [.. several],
        var one => [(TEntity)one],
    };

    public int Count(string value) => _filed.GetValueOrDefault(value) switch
    {
        null => 0,
        HashSet<TEntity> several => several.Count,
        _ => 1,
    };
}
