using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;

namespace Wayleave.Kubernetes.Informers;

/// <summary>What an informer lists, watches and stores.</summary>
public sealed record InformerOptions<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>One namespace, or null for all.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Objects per page of a list.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>
    /// Serve the first list from the API server's watch cache (<c>resourceVersion=0</c>) in one page. It costs the API server a fraction of
    /// a consistent list; the watch delivers what is newer. If that list fails, the next one is consistent and paged.
    /// </summary>
    public bool ListFromCache { get; init; }

    /// <summary>The maximum number of objects. One more fails the informer with a <see cref="LimitExceededException"/>.</summary>
    public int MaxObjects { get; init; } = int.MaxValue;

    /// <summary>
    /// Changes an object before it is stored, as client-go's <c>TransformFunc</c>: removes unused fields, to save memory.
    /// </summary>
    public Action<TEntity>? Transform { get; init; }

    /// <summary>Objects for which this returns false are treated as absent.</summary>
    public Func<TEntity, bool>? Filter { get; init; }

    /// <summary>Request only metadata (<c>PartialObjectMetadata</c>). <c>spec</c> and <c>status</c> stay empty.</summary>
    public bool MetadataOnly { get; init; }

    /// <summary>Index functions by name. They must be pure: they run again when an object is removed.</summary>
    public IReadOnlyDictionary<string, Func<TEntity, IEnumerable<string>>> Indexes { get; init; } =
        new Dictionary<string, Func<TEntity, IEnumerable<string>>>(StringComparer.Ordinal);

    /// <summary>
    /// Shared by the informers of one API server, so that they log the same failure only once. Null for a single informer.
    /// </summary>
    public LogThrottle? LogThrottle { get; init; }

    /// <summary>
    /// Called when everything has to be listed again after the first sync, with the resource and the status code or type of the error. It
    /// must be quick and must not throw.
    /// </summary>
    public Action<string, string>? OnRelist { get; init; }

    /// <summary>The delay after the first failure. It doubles up to <see cref="MaxBackoff"/>.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(10);
}
