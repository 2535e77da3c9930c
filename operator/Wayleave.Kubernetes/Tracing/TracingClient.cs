using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Kubernetes.Tracing;

/// <summary>
/// Makes a span of each request that a reconcile makes. Lists, watches and discovery have none: they belong to no reconcile.
/// </summary>
internal sealed class TracingClient(IKubernetesClient client, KubernetesTracing tracing, EntityRegistry registry, string? cluster)
    : IKubernetesClient
{
    public Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => TraceAsync<TEntity, TEntity?>(
        "get", @namespace, name, () => client.GetAsync<TEntity>(name, @namespace, cancellationToken));

    public Task<KubernetesList<TEntity>> ListAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => client.ListAsync<TEntity>(options, cancellationToken);

    public Task<V1ListMeta> ListAsync<TEntity>(ListOptions options, Action<TEntity> each, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => client.ListAsync(options, each, cancellationToken);

    public IAsyncEnumerable<WatchEvent<TEntity>> WatchAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => client.WatchAsync<TEntity>(options, cancellationToken);

    public Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => TraceAsync<TEntity, TEntity>(
        "create", entity.Metadata?.NamespaceProperty, entity.Metadata?.Name,
        () => client.CreateAsync(entity, cancellationToken));

    public Task<TEntity> ApplyAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => TraceAsync<TEntity, TEntity>(
        "apply", entity.Metadata.NamespaceProperty, entity.Metadata.Name,
        () => client.ApplyAsync(entity, cancellationToken));

    public Task<TEntity> ApplyStatusAsync<TEntity>(TEntity entity, string fieldManager, bool dryRun, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => TraceAsync<TEntity, TEntity>(
        "apply", entity.Metadata.NamespaceProperty, entity.Metadata.Name,
        () => client.ApplyStatusAsync(entity, fieldManager, dryRun, cancellationToken), "status");

    public Task<TEntity> PatchAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => TraceAsync<TEntity, TEntity>(
        "patch", @namespace, name, () => client.PatchAsync<TEntity>(name, @namespace, patch, cancellationToken));

    public Task<TEntity> PatchStatusAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => TraceAsync<TEntity, TEntity>(
        "patch", @namespace, name, () => client.PatchStatusAsync<TEntity>(name, @namespace, patch, cancellationToken), "status");

    public Task<TEntity> MergePatchAsync<TEntity>(string name, string? @namespace, TEntity change, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => TraceAsync<TEntity, TEntity>(
        "patch", @namespace, name, () => client.MergePatchAsync(name, @namespace, change, cancellationToken));

    public Task<bool> DeleteAsync<TEntity>(
        string name, string? @namespace, V1Preconditions? preconditions, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => TraceAsync<TEntity, bool>(
        "delete", @namespace, name,
        () => client.DeleteAsync<TEntity>(name, @namespace, preconditions, cancellationToken));

    public Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => client.IsServedAsync<TEntity>(cancellationToken);

    public Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken) => client.GetVersionAsync(cancellationToken);

    private async Task<TResult> TraceAsync<TEntity, TResult>(
        string verb, string? @namespace, string? name, Func<Task<TResult>> send, string? subresource = null)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = registry.Get<TEntity>().Entity.Kind;
        using var span = tracing.StartRequest(subresource is null ? $"{verb} {kind}" : $"{verb} {kind} {subresource}");
        span?.SetObject(kind, @namespace, name, cluster);
        try
        {
            return await send();
        }
        catch (Exception error)
        {
            span?.SetError(error);
            throw;
        }
    }
}
