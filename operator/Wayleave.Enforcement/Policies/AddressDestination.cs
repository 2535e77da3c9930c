namespace Wayleave.Enforcement.Policies;

/// <summary>Addresses that may be called.</summary>
/// <param name="Ranges">In CIDR form, in order and each once.</param>
/// <param name="Ports">In order and each once; empty for every port.</param>
public sealed record AddressDestination(IReadOnlyList<string> Ranges, IReadOnlyList<PolicyPort> Ports);
