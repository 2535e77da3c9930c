using System.Collections.Immutable;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Nodes;

/// <summary>Who calls: a Pod of this node, or the node itself. Compared by reference.</summary>
/// <param name="podUid">Null if it is not known.</param>
/// <param name="isHostNetwork">Whether it is in the network namespace of the node.</param>
internal sealed class Caller(Guid? podUid, bool isHostNetwork)
{
    public Guid? PodUid { get; } = podUid;

    public bool IsHostNetwork { get; } = isHostNetwork;

    /// <summary>Its own addresses. Empty in the network namespace of the node, whose addresses say nothing about the caller.</summary>
    public ImmutableArray<Address> Addresses { get; set; } = [];

    /// <summary>When it was found first, in milliseconds since 1970.</summary>
    public long FirstMs { get; init; }

    /// <summary>When it was found last.</summary>
    public long LastMs { get; set; }
}
