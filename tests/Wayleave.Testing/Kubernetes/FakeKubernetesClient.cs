using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Testing.Kubernetes;

/// <summary>Fails every call. A fake for a test overrides the calls that the test needs.</summary>
public abstract class FakeKubernetesClient : IKubernetesClient
{
    public virtual Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public virtual Task<KubernetesList<TEntity>> ListAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public virtual async Task<V1ListMeta> ListAsync<TEntity>(ListOptions options, Action<TEntity> each, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var page = await ListAsync<TEntity>(options, cancellationToken);
        foreach (var item in page.Items)
        {
            each(item);
        }

        return page.Metadata;
    }

    public virtual IAsyncEnumerable<WatchEvent<TEntity>> WatchAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public virtual Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public virtual Task<TEntity> ApplyAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public virtual Task<TEntity> ApplyStatusAsync<TEntity>(TEntity entity, string fieldManager, bool dryRun, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public virtual Task<TEntity> PatchAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public virtual Task<TEntity> PatchStatusAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<TEntity> MergePatchAsync<TEntity>(string name, string? @namespace, TEntity change, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        PatchAsync<TEntity>(name, @namespace, new V1Patch(KubernetesJson.Serialize(change), V1Patch.PatchType.MergePatch), cancellationToken);

    public virtual Task<bool> DeleteAsync<TEntity>(
        string name, string? @namespace, V1Preconditions? preconditions, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public virtual Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public virtual Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
