using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Informers;

/// <summary>The objects of one kind as last heard of. Safe for any number of readers. What it gives out must not be changed.</summary>
public interface IStore<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    int Count { get; }

    TEntity? Get(NamespacedName key);

    /// <summary>A snapshot of all objects.</summary>
    IReadOnlyList<TEntity> List();

    /// <summary>A snapshot of the objects that the named index files under <paramref name="value"/>.</summary>
    /// <exception cref="KeyNotFoundException">The index was not declared.</exception>
    IReadOnlyList<TEntity> ByIndex(string index, string value);

    /// <summary>How many objects the named index files under <paramref name="value"/>.</summary>
    /// <exception cref="KeyNotFoundException">The index was not declared.</exception>
    int CountByIndex(string index, string value);

    /// <summary>
    /// Takes in what a write of our own gave back, ahead of the watch, so that the next decision does not see the past. Older than what is
    /// there: ignored. No handler is called. The object belongs to the store from then on, which may trim it.
    /// </summary>
    void Observe(TEntity entity);

    /// <summary>The same for a delete of our own; an object with another uid stays.</summary>
    void ObserveDeleted(TEntity entity);
}
