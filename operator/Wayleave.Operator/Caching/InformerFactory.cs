using k8s;
using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Logging;

namespace Wayleave.Operator.Caching;

/// <summary>Makes informers that share a client, a clock and metrics.</summary>
internal sealed class InformerFactory(
    IKubernetesClient client, EntityRegistry registry, KubernetesMetrics metrics, TimeProvider time, ILoggerFactory loggers)
{
    private readonly LogThrottle _messages = new(time);

    /// <summary>The clock of its informers.</summary>
    public TimeProvider Time => time;

    /// <summary>Interns the strings that cached objects share.</summary>
    public StringInterner Strings { get; } = new();

    /// <summary>The most objects of a kind; see <see cref="InformerOptions{TEntity}.MaxObjects"/>.</summary>
    public int MaxObjects { get; init; } = int.MaxValue;

    /// <summary>The only namespace that its client sees; null for all.</summary>
    public string? OnlyNamespace { get; init; }

    /// <inheritdoc cref="InformerOptions{TEntity}.OnRelist"/>
    public Action<string, string>? OnRelist { get; init; }

    /// <summary>A factory for a member cluster.</summary>
    public InformerFactory ForMember(IKubernetesClient member, int maxObjects, Action<string, string> onRelist, ILoggerFactory named) =>
        new(member, registry, metrics, time, named) { MaxObjects = maxObjects, OnRelist = onRelist };

    public Informer<TEntity> Create<TEntity>(InformerOptions<TEntity> options)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        new(client, registry, Completed(options), metrics, time, loggers.CreateLogger<Informer<TEntity>>());

    /// <summary>The group, version and resource name of a kind.</summary>
    public KubernetesEntityAttribute Definition<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => registry.Get<TEntity>().Entity;

    /// <summary>Whether this API server serves the kind at all.</summary>
    public Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        client.IsServedAsync<TEntity>(cancellationToken);

    // With a limit on the size of responses, list in pages instead of one unpaged response.
    private InformerOptions<TEntity> Completed<TEntity>(InformerOptions<TEntity> options)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        options with
        {
            LogThrottle = _messages,
            OnRelist = OnRelist,
            MaxObjects = MaxObjects,
            ListFromCache = MaxObjects == int.MaxValue,
            Transform = Sharing(options.Transform),
        };

    private Action<TEntity> Sharing<TEntity>(Action<TEntity>? trim)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => entity =>
        {
            trim?.Invoke(entity);
            Strings.Intern(entity.Metadata);
        };
}
