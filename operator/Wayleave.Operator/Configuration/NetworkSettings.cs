using System.Net;

namespace Wayleave.Operator.Configuration;

/// <summary>What the operator was told of the network of its own cluster. Nothing of it holds for member clusters.</summary>
/// <param name="PodRanges">Empty to read them from the nodes.</param>
/// <param name="ServiceRanges">Empty to read them where the API server tells them.</param>
internal sealed record NetworkSettings(IReadOnlyList<IPNetwork> PodRanges, IReadOnlyList<IPNetwork> ServiceRanges)
{
    /// <summary>Of a member cluster: all is read there.</summary>
    public static NetworkSettings None { get; } = new([], []);
}
