using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Kubernetes.Informers;

/// <summary>
/// Sees what an informer's lists and watches bring, in their order, before the store does and whether or not it is news there: what our own
/// writes put into the store ahead of the watch comes by here too. Called on the informer's own task, but for <see cref="Written"/>; must be
/// quick and must neither throw nor keep or change what it is given.
/// </summary>
public interface IListWatchObserver<in TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>A list begins. One that fails is begun again.</summary>
    void ListBegan();

    void Listed(TEntity entity);

    /// <param name="resourceVersion">What the list shows, and from where the watch goes on.</param>
    void ListEnded(string? resourceVersion);

    /// <summary>A change, or a bookmark, which carries nothing but a version.</summary>
    void Watched(WatchEventType type, TEntity entity);

    /// <summary>What a write of our own gave back, ahead of the watch; called by whoever wrote.</summary>
    void Written(TEntity entity);
}
