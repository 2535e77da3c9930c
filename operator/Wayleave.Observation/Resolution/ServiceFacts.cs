using System.Collections.Immutable;
using System.Net;

namespace Wayleave.Observation.Resolution;

/// <summary>A Service: its addresses and TCP ports.</summary>
internal sealed record ServiceFacts
{
    public required ObjectKey Key { get; init; }

    /// <summary>The addresses in the cluster. Empty for a headless Service.</summary>
    public ImmutableArray<IPAddress> ClusterAddresses { get; init; } = [];

    /// <summary>External IPs and addresses of load balancers. Several Services may share one of them at different ports.</summary>
    public ImmutableArray<IPAddress> ExternalAddresses { get; init; } = [];

    public ImmutableArray<ServicePortFacts> Ports { get; init; } = [];

    /// <summary>Null if it is not known.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>A TCP port of a Service.</summary>
/// <param name="Name">Empty if the Service has a single port without a name.</param>
/// <param name="NodePort">0 for none.</param>
/// <param name="TargetPort">The port of the Pods, if it is given by number. Null if it is given by name.</param>
internal readonly record struct ServicePortFacts(string Name, int Port, int NodePort, int? TargetPort);

/// <summary>What is behind a Service: one of its EndpointSlices, or one subset of its Endpoints.</summary>
internal sealed record EndpointFacts(
    ObjectKey Service, ImmutableArray<IPAddress> Addresses, ImmutableArray<EndpointPortFacts> Ports);

/// <summary>A TCP port of endpoints.</summary>
/// <param name="Name">The name of the port of the Service. Empty for none.</param>
internal readonly record struct EndpointPortFacts(string Name, int Port);
