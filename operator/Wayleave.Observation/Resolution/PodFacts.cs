using System.Collections.Immutable;
using System.Net;

namespace Wayleave.Observation.Resolution;

/// <summary>A workload: what a ClientIntents names as a client or a server.</summary>
/// <param name="Kind">One of <see cref="Wayleave.Api.WorkloadKindNames"/>.</param>
internal readonly record struct WorkloadKey(string Namespace, string Kind, string Name);

internal readonly record struct ObjectKey(string Namespace, string Name);

/// <summary>The controller of an object, from its owner references.</summary>
/// <param name="ApiVersion">Group and version, for example <c>apps/v1</c>.</param>
internal sealed record ControllerReference(string ApiVersion, string Kind, string Name, string Uid)
{
    /// <summary>The group alone. Empty for the core group.</summary>
    public string Group => ApiVersion.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? ApiVersion[..end] : "";
}

internal sealed record PodFacts
{
    public required Guid Uid { get; init; }

    /// <summary>
    /// The UID that the kubelet gave a static Pod, which its control group is named after. The API server has another one for the mirror
    /// Pod. Null for every other Pod.
    /// </summary>
    public Guid? StaticUid { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Null until the Pod is scheduled.</summary>
    public string? Node { get; init; }

    /// <summary>Whether the Pod uses the addresses of its node.</summary>
    public bool IsHostNetwork { get; init; }

    /// <summary>Whether all its containers ended, so that its addresses can be used by another Pod.</summary>
    public bool IsFinished { get; init; }

    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>
    /// When the first container started. Nothing calls from or listens on the Pod's addresses before. Null if not known yet.
    /// </summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Null for a Pod that was created by hand.</summary>
    public ControllerReference? Controller { get; init; }

    /// <summary>The labels, only if <see cref="WorkloadFinder.NeedsLabels"/> says so. Empty otherwise.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
