using System.Collections.Immutable;
using System.Net;

namespace Wayleave.Observation.Resolution;

/// <summary>What one sensor saw in some seconds.</summary>
/// <param name="Instance">The process of the sensor.</param>
/// <param name="Sequence">The number of the batch in that process.</param>
/// <param name="Node">The node of the sensor, from its token.</param>
internal sealed record ObservedBatch(
    string Instance, ulong Sequence, string Node, ImmutableArray<ObservedFlow> Flows, ImmutableArray<ObservedAnswer> Answers);

/// <summary>A caller as its sensor knows it.</summary>
/// <param name="PodUid">Null if the sensor did not find out.</param>
/// <param name="IsHostNetwork">Whether it calls from the network of the node.</param>
internal sealed record ObservedClient(Guid? PodUid, ImmutableArray<IPAddress> Addresses, bool IsHostNetwork);

/// <summary>
/// Calls of one client to one address and port. Replies never become calls: sensors report the side that opens the connection.
/// </summary>
internal sealed record ObservedFlow
{
    public required ObservedClient Client { get; init; }

    /// <summary>The address as the client called it, for example of a Service.</summary>
    public required IPAddress CalledAddress { get; init; }

    public required int CalledPort { get; init; }

    /// <summary>The address that answered. Null if it was not seen.</summary>
    public IPAddress? BackendAddress { get; init; }

    public int BackendPort { get; init; }

    /// <summary>One of <see cref="Wayleave.Api.ObservedSources"/>.</summary>
    public required string Source { get; init; }

    public long Connected { get; init; }

    public long Refused { get; init; }

    public long Unanswered { get; init; }

    public required DateTimeOffset First { get; init; }

    public required DateTimeOffset Last { get; init; }
}

/// <summary>What DNS answered to a client.</summary>
/// <param name="Name">In lower case, without the final dot.</param>
/// <param name="At">When it was answered last.</param>
internal sealed record ObservedAnswer(
    ObservedClient Client, string Name, ImmutableArray<IPAddress> Addresses, TimeSpan TimeToLive, DateTimeOffset At);
