namespace Wayleave.Kubernetes.Informers;

/// <summary>Files objects under the values that a function gives. Not thread-safe: the store's lock guards it.</summary>
internal sealed class StoreIndex<TEntity>(Func<TEntity, IEnumerable<string>> values)
    where TEntity : class
{
    private readonly Dictionary<string, HashSet<TEntity>> _filed = new(StringComparer.Ordinal);

    public void Add(TEntity entity)
    {
        foreach (var value in values(entity))
        {
            if (!_filed.TryGetValue(value, out var entities))
            {
                _filed[value] = entities = new HashSet<TEntity>(ReferenceEqualityComparer.Instance);
            }

            entities.Add(entity);
        }
    }

    public void Remove(TEntity entity)
    {
        foreach (var value in values(entity))
        {
            if (_filed.TryGetValue(value, out var entities) && entities.Remove(entity) && entities.Count == 0)
            {
                _filed.Remove(value);
            }
        }
    }

    public IReadOnlyList<TEntity> Find(string value) => _filed.TryGetValue(value, out var entities) ? [.. entities] : [];

    public int Count(string value) => _filed.TryGetValue(value, out var entities) ? entities.Count : 0;
}
