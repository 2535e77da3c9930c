using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Client;

/// <summary>
/// A typed client of one API server. Safe for any number of concurrent calls. Every call throws <see cref="KubernetesException"/> when the
/// API server refuses it, <see cref="HttpRequestException"/> when it cannot be reached and <see cref="TimeoutException"/> when it does not
/// answer in time. A null namespace means a cluster-scoped object, or all namespaces.
/// </summary>
public interface IKubernetesClient
{
    /// <summary>The object, or null when there is none.</summary>
    Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Lists one page. Its metadata has the continue token of the next page.</summary>
    Task<KubernetesList<TEntity>> ListAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// Lists one page and calls back for each object as it arrives, so that the whole page is never in memory. If it fails, the callback
    /// has already run for some objects.
    /// </summary>
    /// <returns>The page's metadata.</returns>
    Task<V1ListMeta> ListAsync<TEntity>(ListOptions options, Action<TEntity> each, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// Changes as they happen, with bookmarks, until the API server ends the watch. Throws an error within the watch, such as 410 Gone, and
    /// <see cref="WatchTimeoutException"/> when the API server does not end it.
    /// </summary>
    IAsyncEnumerable<WatchEvent<TEntity>> WatchAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// Server-side apply of an object without its status, under the client's own field manager: creates it if it does not exist, removes
    /// fields that were applied before and are not now, and takes fields from other managers. Set metadata.uid, so that an object that was
    /// deleted, or another one of the same name, is a conflict.
    /// </summary>
    Task<TEntity> ApplyAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// Server-side apply of the status subresource under a field manager: fields that it applied before and does not apply now are removed,
    /// those of others stay. Set metadata.resourceVersion, so that another object of the same name is never written. With <paramref
    /// name="dryRun"/>, returns what would be stored and stores nothing.
    /// </summary>
    Task<TEntity> ApplyStatusAsync<TEntity>(TEntity entity, string fieldManager, bool dryRun, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    Task<TEntity> PatchAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Patches the status subresource.</summary>
    Task<TEntity> PatchStatusAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// A merge patch (RFC 7386) of the members that <paramref name="change"/> has: fields that it does not know stay as they are.
    /// </summary>
    Task<TEntity> MergePatchAsync<TEntity>(string name, string? @namespace, TEntity change, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>False when there was nothing to delete. A precondition that does not hold is a conflict.</summary>
    Task<bool> DeleteAsync<TEntity>(string name, string? @namespace, V1Preconditions? preconditions, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Whether the API server serves the kind in its group and version.</summary>
    Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>The API server's own version.</summary>
    Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken);
}
