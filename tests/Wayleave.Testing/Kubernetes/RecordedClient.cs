using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Testing.Kubernetes;

/// <summary>
/// The client of one of several programs that share an API server. Forwards everything, and records the writes that this program requested,
/// successful or not. Thread-safe.
/// </summary>
public sealed class RecordedClient(IKubernetesClient inner) : IKubernetesClient
{
    private readonly Lock _lock = new();
    private readonly List<string> _writes = [];

    /// <summary>The writes in the order of the requests, as <c>create NetworkPolicy shop/cart</c>.</summary>
    public IReadOnlyList<string> Writes
    {
        get
        {
            lock (_lock)
            {
                return [.. _writes];
            }
        }
    }

    /// <summary>Called before each write is forwarded. May throw to reject it.</summary>
    public Action<string>? BeforeWrite { get; set; }

    /// <summary>Changes an object that is created or applied, as an admission webhook may.</summary>
    public Action<object>? Mutate { get; set; }

    public Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => inner.GetAsync<TEntity>(name, @namespace, cancellationToken);

    public Task<KubernetesList<TEntity>> ListAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => inner.ListAsync<TEntity>(options, cancellationToken);

    public Task<V1ListMeta> ListAsync<TEntity>(ListOptions options, Action<TEntity> each, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => inner.ListAsync(options, each, cancellationToken);

    public IAsyncEnumerable<WatchEvent<TEntity>> WatchAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => inner.WatchAsync<TEntity>(options, cancellationToken);

    public Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (entity is not V1SelfSubjectAccessReview)
        {
            Note("create", entity);
            Mutate?.Invoke(entity);
        }

        return inner.CreateAsync(entity, cancellationToken);
    }

    public Task<TEntity> ApplyAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        Note("apply", entity);
        Mutate?.Invoke(entity);
        return inner.ApplyAsync(entity, cancellationToken);
    }

    public Task<TEntity> ApplyStatusAsync<TEntity>(TEntity entity, string fieldManager, bool dryRun, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (!dryRun)
        {
            Note("condition", entity);
        }

        return inner.ApplyStatusAsync(entity, fieldManager, dryRun, cancellationToken);
    }

    public Task<TEntity> PatchAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        Note<TEntity>("patch", @namespace, name);
        return inner.PatchAsync<TEntity>(name, @namespace, patch, cancellationToken);
    }

    public Task<TEntity> PatchStatusAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        Note<TEntity>("status", @namespace, name);
        return inner.PatchStatusAsync<TEntity>(name, @namespace, patch, cancellationToken);
    }

    public Task<TEntity> MergePatchAsync<TEntity>(string name, string? @namespace, TEntity change, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        Note<TEntity>("patch", @namespace, name);
        return inner.MergePatchAsync(name, @namespace, change, cancellationToken);
    }

    public Task<bool> DeleteAsync<TEntity>(string name, string? @namespace, V1Preconditions? preconditions, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        Note<TEntity>("delete", @namespace, name);
        return inner.DeleteAsync<TEntity>(name, @namespace, preconditions, cancellationToken);
    }

    public Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => inner.IsServedAsync<TEntity>(cancellationToken);

    public Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken) => inner.GetVersionAsync(cancellationToken);

    private void Note<TEntity>(string verb, TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => Note<TEntity>(verb, entity.Metadata.NamespaceProperty, entity.Metadata.Name);

    private void Note<TEntity>(string verb, string? @namespace, string? name)
    {
        var write = $"{verb} {typeof(TEntity).Name.Replace("V1", "", StringComparison.Ordinal).Replace("Partial", "", StringComparison.Ordinal)} {@namespace}/{name}";
        lock (_lock)
        {
            _writes.Add(write);
        }

        BeforeWrite?.Invoke(write);
    }
}
