using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Kubernetes.Informers;

/// <summary>An informer of any kind, for the code that runs it.</summary>
public interface IInformer
{
    /// <summary>The plural name of the resource.</summary>
    string Resource { get; }

    /// <summary>Whether the first list is complete.</summary>
    bool HasSynced { get; }

    /// <summary>Completes when the first list is complete.</summary>
    Task WaitForSyncAsync(CancellationToken cancellationToken);

    /// <summary>Lists and watches until it is canceled. The store stays readable afterwards.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>A store and the changes to it.</summary>
public interface IEntitySource<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    IStore<TEntity> Store { get; }

    /// <summary>
    /// Calls <paramref name="handler"/> with the old object (null if it was added) and the new one (null if it was deleted). Add handlers
    /// before anything changes.
    /// </summary>
    void AddHandler(Action<TEntity?, TEntity?> handler);
}

/// <summary>The cached objects of one kind. Safe for any number of readers. Callers must not change the objects that it returns.</summary>
public interface IStore<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    int Count { get; }

    TEntity? Get(NamespacedName key);

    /// <summary>A snapshot of all objects.</summary>
    IReadOnlyList<TEntity> List();

    /// <summary>A snapshot of the objects that the index has under <paramref name="value"/>.</summary>
    /// <exception cref="KeyNotFoundException">The index was not declared.</exception>
    IReadOnlyList<TEntity> ByIndex(string index, string value);

    /// <summary>The number of objects that the index has under <paramref name="value"/>.</summary>
    /// <exception cref="KeyNotFoundException">The index was not declared.</exception>
    int CountByIndex(string index, string value);

    /// <summary>
    /// Stores the result of our own write before the watch delivers it, so that the next decision sees it. Ignored if the store has a newer
    /// version. Calls no handler. The store owns the object afterwards and may transform it.
    /// </summary>
    void ApplyLocalWrite(TEntity entity);

    /// <summary>Removes an object after our own delete, before the watch delivers it. An object with another UID stays.</summary>
    void ApplyLocalDelete(TEntity entity);
}

/// <summary>
/// Receives every list and watch event in order, before the store, including events that the store will ignore. Runs on the informer's
/// task, except <see cref="OnLocalWrite"/>. It must be quick, must not throw, and must not keep or change the objects.
/// </summary>
public interface IListWatchObserver<in TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>A list started. A list that fails starts again.</summary>
    void OnListStarted();

    void OnListed(TEntity entity);

    /// <param name="resourceVersion">The version of the list, from which the watch continues.</param>
    void OnListCompleted(string? resourceVersion);

    /// <summary>A change, or a bookmark, which carries only a version.</summary>
    void OnWatchEvent(WatchEventType type, TEntity entity);

    /// <summary>The result of our own write, before the watch delivers it. Runs on the writer's thread.</summary>
    void OnLocalWrite(TEntity entity);
}
