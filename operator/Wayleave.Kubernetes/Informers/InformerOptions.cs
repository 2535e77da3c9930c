using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;

namespace Wayleave.Kubernetes.Informers;

/// <summary>What an informer watches and how it keeps it.</summary>
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
    /// Whether the first list may be what the API server has at hand rather than the newest: a fraction of the work for it, in one page. The
    /// watch brings what is newer. A first list that fails is tried again in pages.
    /// </summary>
    public bool BeginsAtHand { get; init; }

    /// <summary>The most objects that there may be; more ends the informer with a <see cref="LimitExceededException"/>.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>Drops what nobody reads before an object is kept; a cache of thousands lives by it.</summary>
    public Action<TEntity>? Trim { get; init; }

    /// <summary>Objects that this refuses are treated as if they were not there.</summary>
    public Func<TEntity, bool>? Keep { get; init; }

    /// <summary>Asks for metadata alone: <c>spec</c> and <c>status</c> stay empty, and the answers are a fraction of their size.</summary>
    public bool MetadataOnly { get; init; }

    /// <summary>Indexes by name. The functions must be pure: they are asked again when an object leaves.</summary>
    public IReadOnlyDictionary<string, Func<TEntity, IEnumerable<string>>> Indexes { get; init; } =
        new Dictionary<string, Func<TEntity, IEnumerable<string>>>(StringComparer.Ordinal);

    /// <summary>
    /// Shared by the informers of one API server, so that they do not all log the same failure; null when there is one informer.
    /// </summary>
    public MessageLimiter? Messages { get; init; }

    /// <summary>The first delay after a failure; it doubles up to <see cref="LongestBackoff"/>.</summary>
    public TimeSpan ShortestBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(10);
}
