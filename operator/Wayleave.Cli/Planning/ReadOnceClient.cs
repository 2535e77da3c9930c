using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Hosting;

namespace Wayleave.Cli.Planning;

/// <summary>
/// Lets the operator's informers read a cluster once: it lists from the API server, its watches deliver nothing, and its writes throw.
/// </summary>
/// <param name="onlyNamespace">The namespace that the operator watches. Null for all.</param>
/// <param name="changes">Objects that replace those of the cluster.</param>
internal sealed class ReadOnceClient(IKubernetesClient client, string? onlyNamespace, ManifestOverlay changes) : IKubernetesClient
{
    private readonly ConcurrentQueue<KubernetesException> _forbidden = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The requests that the API server forbade. Their answers count as empty.</summary>
    public IReadOnlyList<KubernetesException> Forbidden => [.. _forbidden];

    /// <summary>Fails when a list failed for another reason.</summary>
    public Task Failed => _failed.Task;

    public async Task<V1ListMeta> ListAsync<TEntity>(ListOptions options, Action<TEntity> each, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            var scoped = ApiClients.Registry.Get<TEntity>().Scope == EntityScope.Namespaced;
            var page = await client.ListAsync<TEntity>(
                scoped ? options with { Namespace = options.Namespace ?? onlyNamespace } : options,
                entity => each(changes.Replace(entity)),
                cancellationToken);
            if (string.IsNullOrEmpty(page.ContinueProperty))
            {
                changes.DrainAdded<TEntity>().ForEach(added => AddIfWatched(added, each));
            }

            return page;
        }
        catch (KubernetesException error) when (error.IsForbidden)
        {
            _forbidden.Enqueue(error);
            return new V1ListMeta { ResourceVersion = "0" };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _failed.TrySetException(error);
            throw;
        }
    }

    public async Task<KubernetesList<TEntity>> ListAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        List<TEntity> items = [];
        var metadata = await ListAsync<TEntity>(options, items.Add, cancellationToken);
        return new KubernetesList<TEntity>(items) { Metadata = metadata };
    }

    public async IAsyncEnumerable<WatchEvent<TEntity>> WatchAsync<TEntity>(
        ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        yield break;
    }

    public async Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return await client.GetAsync<TEntity>(name, @namespace, cancellationToken);
        }
        catch (KubernetesException error) when (error.IsForbidden)
        {
            _forbidden.Enqueue(error);
            return null;
        }
    }

    public Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => client.IsServedAsync<TEntity>(cancellationToken);

    public Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken) => client.GetVersionAsync(cancellationToken);

    public Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw ReadOnly();

    public Task<TEntity> ApplyAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw ReadOnly();

    public Task<TEntity> ApplyStatusAsync<TEntity>(
        TEntity entity, string fieldManager, bool dryRun, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw ReadOnly();

    public Task<TEntity> PatchAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw ReadOnly();

    public Task<TEntity> PatchStatusAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw ReadOnly();

    public Task<TEntity> MergePatchAsync<TEntity>(string name, string? @namespace, TEntity change, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw ReadOnly();

    public Task<bool> DeleteAsync<TEntity>(
        string name, string? @namespace, V1Preconditions? preconditions, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw ReadOnly();

    // The operator does not see what is applied to another namespace.
    private void AddIfWatched<TEntity>(TEntity added, Action<TEntity> each)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (onlyNamespace is null || added.Metadata.NamespaceProperty is null || added.Metadata.NamespaceProperty == onlyNamespace)
        {
            each(added);
        }
    }

    private static NotSupportedException ReadOnly() => new("This client only reads.");
}
