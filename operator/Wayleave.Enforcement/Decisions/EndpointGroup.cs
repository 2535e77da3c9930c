namespace Wayleave.Enforcement.Decisions;

/// <summary>Addresses behind a Service that share their ports.</summary>
/// <param name="Addresses">IP addresses as text, untrusted.</param>
/// <param name="Ports">Empty for every port.</param>
public sealed record EndpointGroup(IReadOnlyList<string> Addresses, IReadOnlyList<EndpointPort> Ports);
